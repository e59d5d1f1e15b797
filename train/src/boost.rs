//! Gradient boosting of small trees with logistic loss, over features in 64 bins; the same rows give the same trees.
//!
//! After J. Friedman, "Greedy Function Approximation: A Gradient Boosting Machine" (2001), with the second-order leaf values and
//! the split gain of T. Chen and C. Guestrin, "XGBoost" (2016).

use allonym::forest::{Forest, Tree};

/// How trees are grown.
#[derive(Clone, Copy, Debug)]
pub struct Growth {
    /// How many trees.
    pub trees: usize,
    /// Leaves of each.
    pub leaves: usize,
    /// How much of a tree's answer is added.
    pub rate: f32,
    /// Least sum of second derivatives in a leaf.
    pub least: f32,
    /// How strongly leaves are drawn to nothing.
    pub ridge: f32,
}

/// Rows of features, each with what is right (0 or 1).
pub struct Rows {
    /// Features a row.
    pub width: usize,
    /// The features, row behind row.
    pub values: Vec<f32>,
    /// What is right.
    pub labels: Vec<f32>,
    /// How much each row counts.
    pub weights: Vec<f32>,
}

impl Rows {
    /// No rows yet; each will have `width` features.
    pub fn new(width: usize) -> Rows {
        Rows { width, values: Vec::new(), labels: Vec::new(), weights: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[f32], right: bool, weight: f32) {
        self.values.extend_from_slice(row);
        self.labels.push(f32::from(u8::from(right)));
        self.weights.push(weight);
    }
}

const BINS: usize = 64;

/// Grows a forest.
pub fn grow(rows: &Rows, growth: &Growth) -> Forest {
    let count = rows.labels.len();
    let total: f64 = rows.weights.iter().copied().map(f64::from).sum();
    let right: f64 = rows.labels.iter().zip(&rows.weights).map(|(label, weight)| f64::from(label * weight)).sum();
    let mean = ((right / total.max(1e-9)) as f32).clamp(1e-4, 1.0 - 1e-4);
    let bias = (mean / (1.0 - mean)).ln();
    let mut trees = Vec::with_capacity(growth.trees);
    let edges: Vec<Vec<f32>> = (0..rows.width).map(|feature| edges(rows, feature)).collect();
    let binned = bins(rows, &edges);
    let mut scores = vec![bias; count];
    let mut slopes = vec![[0.0f32; 2]; count];
    for round in 0..growth.trees {
        for (n, slope) in slopes.iter_mut().enumerate() {
            let p = 1.0 / (1.0 + (-scores[n]).exp());
            *slope = [p - rows.labels[n], (p * (1.0 - p)).max(1e-6)].map(|s| s * rows.weights[n]);
        }
        // Two features in three are looked at, other ones each time: trees that differ err less together.
        let looked: Vec<bool> = (0..rows.width).map(|feature| (feature * 7 + round * 5) % 3 != 0).collect();
        let mut ends = Vec::new();
        let tree = tree(&binned, rows.width, &edges, &slopes, &looked, growth, &mut ends);
        for (members, value) in ends {
            members.iter().for_each(|&n| scores[n as usize] += value);
        }
        trees.push(tree);
    }
    Forest::new(bias, &trees)
}

/// The thresholds between the bins of a feature.
fn edges(rows: &Rows, feature: usize) -> Vec<f32> {
    let mut values: Vec<f32> =
        rows.values.iter().skip(feature).step_by(rows.width).copied().filter(|v| v.is_finite()).collect();
    values.sort_by(f32::total_cmp);
    let mut distinct = values.clone();
    distinct.dedup();
    let middle = |a: f32, b: f32| {
        let rounded = ((a + b) / 2.0 * 1000.0).round() / 1000.0;
        if rounded >= a && rounded < b { rounded } else { a }
    };
    let mut edges: Vec<f32> = if distinct.len() <= BINS {
        distinct.windows(2).map(|pair| middle(pair[0], pair[1])).collect()
    } else {
        (1..BINS).map(|n| values[n * values.len() / BINS]).collect()
    };
    edges.dedup();
    edges
}

fn bins(rows: &Rows, edges: &[Vec<f32>]) -> Vec<u8> {
    let bin = |(n, value): (usize, &f32)| edges[n % rows.width].partition_point(|edge| value > edge) as u8;
    rows.values.iter().enumerate().map(bin).collect()
}

struct Node {
    members: Vec<u32>,
    split: Option<(f32, usize, usize)>,
    ways: Option<(usize, usize)>,
    sum: [f64; 2],
}

fn tree(
    binned: &[u8],
    width: usize,
    edges: &[Vec<f32>],
    slopes: &[[f32; 2]],
    looked: &[bool],
    growth: &Growth,
    ends: &mut Vec<(Vec<u32>, f32)>,
) -> Tree {
    let node = |members: Vec<u32>| {
        let (sum, split) = best(&members, binned, width, edges, slopes, looked, growth);
        Node { members, split, ways: None, sum }
    };
    let mut nodes = vec![node((0..slopes.len() as u32).collect())];
    for _ in 1..growth.leaves {
        let open = nodes.iter().enumerate().filter_map(|(n, node)| Some((n, node.split?)));
        let Some((at, (_, feature, bin))) = open.max_by(|a, b| a.1.0.total_cmp(&b.1.0)) else { break };
        let members = std::mem::take(&mut nodes[at].members);
        let (no, yes) = members.into_iter().partition(|&n| usize::from(binned[n as usize * width + feature]) <= bin);
        nodes.push(node(no));
        nodes.push(node(yes));
        nodes[at].ways = Some((nodes.len() - 2, nodes.len() - 1));
        let kept = nodes[at].split.take();
        nodes[at].split = None;
        nodes[at].sum = [feature as f64, f64::from(edges[feature][kept.map_or(0, |k| k.2)])];
    }
    build(&mut nodes, 0, growth, ends)
}

fn build(nodes: &mut [Node], at: usize, growth: &Growth, ends: &mut Vec<(Vec<u32>, f32)>) -> Tree {
    match nodes[at].ways {
        Some((no, yes)) => {
            let [feature, edge] = nodes[at].sum;
            let no = build(nodes, no, growth, ends);
            let yes = build(nodes, yes, growth, ends);
            Tree::Split(feature as u16, edge as f32, Box::new(no), Box::new(yes))
        }
        None => {
            let [slope, curve] = nodes[at].sum;
            let value = -slope / (curve + f64::from(growth.ridge)) * f64::from(growth.rate);
            let value = (value as f32 * 1e4).round() / 1e4;
            ends.push((std::mem::take(&mut nodes[at].members), value));
            Tree::Leaf(value)
        }
    }
}

/// The sum of the slopes, and the best split: gain, feature, bin.
fn best(
    members: &[u32],
    binned: &[u8],
    width: usize,
    edges: &[Vec<f32>],
    slopes: &[[f32; 2]],
    looked: &[bool],
    growth: &Growth,
) -> ([f64; 2], Option<(f32, usize, usize)>) {
    let mut sums = vec![[0.0f64; 2]; width * BINS];
    let mut total = [0.0f64; 2];
    for &n in members {
        let slope = slopes[n as usize].map(f64::from);
        total = [total[0] + slope[0], total[1] + slope[1]];
        let row = &binned[n as usize * width..(n as usize + 1) * width];
        for (feature, &bin) in row.iter().enumerate() {
            let sum = &mut sums[feature * BINS + usize::from(bin)];
            sum[0] += slope[0];
            sum[1] += slope[1];
        }
    }
    let ridge = f64::from(growth.ridge);
    let log_odds = |sum: [f64; 2]| sum[0] * sum[0] / (sum[1] + ridge);
    let mut found: Option<(f32, usize, usize)> = None;
    for feature in (0..width).filter(|&feature| looked[feature]) {
        let mut left = [0.0f64; 2];
        for bin in 0..edges[feature].len() {
            let sum = sums[feature * BINS + bin];
            left = [left[0] + sum[0], left[1] + sum[1]];
            let right = [total[0] - left[0], total[1] - left[1]];
            if left[1] < f64::from(growth.least) || right[1] < f64::from(growth.least) {
                continue;
            }
            let gain = (log_odds(left) + log_odds(right) - log_odds(total)) as f32;
            if gain > 1e-3 && found.is_none_or(|(best, ..)| gain > best) {
                found = Some((gain, feature, bin));
            }
        }
    }
    (total, found)
}
