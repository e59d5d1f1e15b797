//! Gradient-boosted trees and cue words: learned weights as text, and their evaluation. Knows no feature names.
//!
//! A model file holds sections, each a header line and lines below it. [`Forest`] and [`CueWords`] read their section by name;
//! the rooms that use them name the features. Trained by the program in `train/`; `docs/accuracy.md` has the figures.

mod cue_words;
mod quick_scorer;
mod section;

pub use cue_words::CueWords;

use crate::error::Result;
use quick_scorer::{MAX_LEAVES, QuickScorer};
use section::Section;

/// The bundled model file.
const BUNDLED: &str = allonym_data::MODEL;

/// A forest of the bundled model file; an empty one if the file is damaged, which a test rules out.
pub(crate) fn bundled(name: &str, features: &[&str]) -> Forest {
    Forest::read(name, features, BUNDLED).unwrap_or_default()
}

/// The cue words of a name in the bundled model file, likewise.
pub(crate) fn bundled_cue_words(name: &str) -> CueWords {
    CueWords::read(name, BUNDLED).unwrap_or_default()
}

/// A node: a split or a leaf.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Node {
    /// The feature that is compared; [`LEAF`] for a leaf.
    feature: u16,
    /// The node, from the root, if the feature is greater than `value`; otherwise the next one.
    right: u16,
    /// The threshold, or the value of the leaf.
    value: f32,
}

const LEAF: u16 = u16::MAX;

/// A sum of small trees: log odds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forest {
    /// The sum without any tree.
    bias: f32,
    /// The nodes of all trees, in preorder.
    nodes: Vec<Node>,
    /// Where each tree begins.
    roots: Vec<u32>,
    /// The same trees, for fast evaluation.
    scorer: QuickScorer,
}

/// A tree in training.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A leaf and its value.
    Leaf(f32),
    /// A split: feature, threshold, the subtree up to the threshold and the one above it.
    Split(u16, f32, Box<Tree>, Box<Tree>),
}

impl Tree {
    fn leaves(&self) -> usize {
        match self {
            Tree::Leaf(_) => 1,
            Tree::Split(_, _, no, yes) => no.leaves() + yes.leaves(),
        }
    }
}

impl Forest {
    /// A forest of trees, of at most 32 leaves each, and the sum without any tree.
    pub fn new(bias: f32, trees: &[Tree]) -> Forest {
        let mut forest = Forest { bias, scorer: QuickScorer::new(trees), ..Forest::default() };
        for tree in trees {
            let root = forest.nodes.len();
            forest.roots.push(root as u32);
            forest.grow(tree, root);
        }
        forest
    }

    fn grow(&mut self, tree: &Tree, root: usize) {
        match tree {
            Tree::Leaf(value) => self.nodes.push(Node { feature: LEAF, right: 0, value: *value }),
            Tree::Split(feature, value, no, yes) => {
                let at = self.nodes.len();
                self.nodes.push(Node { feature: *feature, right: 0, value: *value });
                self.grow(no, root);
                self.nodes[at].right = (self.nodes.len() - root) as u16;
                self.grow(yes, root);
            }
        }
    }

    /// Whether it has no trees.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The log odds for a row of features.
    pub fn score(&self, row: &[f32]) -> f32 {
        self.scorer.sum(row) + self.bias
    }

    /// The probability for a row of features.
    pub fn probability(&self, row: &[f32]) -> f32 {
        1.0 / (1.0 + (-self.score(row)).exp())
    }

    /// How far each feature moves the score of a row: the difference between the means before and after each split, summed over
    /// the trees.
    pub fn explain(&self, row: &[f32]) -> Vec<f32> {
        let mut log_odds = vec![0.0; row.len()];
        for &root in &self.roots {
            let mut at = root as usize;
            let mut mean = self.mean(at, root as usize);
            while let Some(node) = self.nodes.get(at).filter(|node| node.feature != LEAF) {
                let Some(&value) = row.get(usize::from(node.feature)) else { break };
                at = if value > node.value { root as usize + usize::from(node.right) } else { at + 1 };
                let next = self.mean(at, root as usize);
                log_odds[usize::from(node.feature)] += next - mean;
                mean = next;
            }
        }
        log_odds
    }

    /// The mean of the leaves below a node.
    fn mean(&self, at: usize, root: usize) -> f32 {
        match self.nodes.get(at) {
            None => 0.0,
            Some(node) if node.feature == LEAF => node.value,
            Some(node) => (self.mean(at + 1, root) + self.mean(root + usize::from(node.right), root)) / 2.0,
        }
    }

    /// Writes the forest as a section: a header with its name, number of trees and bias, then one tree a line in preorder.
    /// `feature>threshold` is a split, a bare number a leaf.
    #[cfg(any(test, feature = "train"))]
    pub fn write(&self, name: &str, features: &[&str], out: &mut String) {
        use std::fmt::Write as _;
        let _ = writeln!(out, "forest {name} {} {}", self.roots.len(), self.bias);
        for (n, &root) in self.roots.iter().enumerate() {
            let end = self.roots.get(n + 1).map_or(self.nodes.len(), |&next| next as usize);
            let node = |node: &Node| match features.get(usize::from(node.feature)) {
                Some(feature) => format!("{feature}>{}", node.value),
                None => format!("{}", node.value),
            };
            let words: Vec<String> = self.nodes[root as usize..end].iter().map(node).collect();
            let _ = writeln!(out, "{}", words.join(" "));
        }
    }

    /// Reads a section that [`Forest::write`] wrote, from a model file.
    ///
    /// # Errors
    /// If there is no such section, a line is not a tree, or a feature is unknown.
    pub fn read(name: &str, features: &[&str], file: &str) -> Result<Forest> {
        let mut section = Section::find("forest", name, file)?;
        let bias = section.bias()?;
        let mut trees = Vec::with_capacity(section.len().min(10_000));
        for _ in 0..section.len() {
            let text = section.line()?;
            let mut words = text.split(' ');
            let tree = tree(&mut words, features, 0).map_err(|e| section.error(e))?;
            if tree.leaves() > MAX_LEAVES {
                return Err(section.error(format!("the tree has more than {MAX_LEAVES} leaves")));
            }
            if words.next().is_some() {
                return Err(section.error("the line continues after the end of the tree"));
            }
            trees.push(tree);
        }
        Ok(Forest::new(bias, &trees))
    }
}

fn tree<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    features: &[&str],
    depth: usize,
) -> std::result::Result<Tree, String> {
    let word = words.next().ok_or("the tree is cut short")?;
    if depth > 60 {
        return Err("the tree is too deep".to_owned());
    }
    let number = |text: &str| text.parse::<f32>().map_err(|_| format!("'{text}' is not a number"));
    match word.split_once('>') {
        None => Ok(Tree::Leaf(number(word)?)),
        Some((name, value)) => {
            let feature =
                features.iter().position(|f| *f == name).ok_or_else(|| format!("unknown feature '{name}'"))?;
            let no = tree(words, features, depth + 1)?;
            let yes = tree(words, features, depth + 1)?;
            Ok(Tree::Split(feature as u16, number(value)?, Box::new(no), Box::new(yes)))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    use super::*;

    const FEATURES: [&str; 2] = ["long", "wide"];

    fn sample() -> Forest {
        let inner = Tree::Split(1, 0.0, Box::new(Tree::Leaf(-1.0)), Box::new(Tree::Leaf(2.0)));
        let tree = Tree::Split(0, 3.0, Box::new(inner), Box::new(Tree::Leaf(4.0)));
        Forest::new(0.5, &[tree, Tree::Leaf(0.25)])
    }

    /// The leaf of a tree by walking it down.
    fn leaf(tree: &Tree, row: &[f32]) -> f32 {
        match tree {
            Tree::Leaf(value) => *value,
            Tree::Split(feature, value, no, yes) => leaf(if row[*feature as usize] > *value { yes } else { no }, row),
        }
    }

    fn grown(features: u16) -> impl Strategy<Value = Tree> {
        let value = || (-4i8..5).prop_map(|value| f32::from(value) / 2.0);
        value().prop_map(Tree::Leaf).prop_recursive(6, 32, 2, move |inner| {
            (0..features, value(), inner.clone(), inner)
                .prop_map(|(feature, value, no, yes)| Tree::Split(feature, value, Box::new(no), Box::new(yes)))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]
        #[test]
        fn quick_scorer_agrees_with_walking_each_tree(
            trees in prop::collection::vec(grown(5), 0..200),
            row in prop::collection::vec(prop_oneof![(-5i8..6).prop_map(|v| f32::from(v) / 2.0), Just(f32::NAN)], 5),
        ) {
            let trees: Vec<Tree> = trees.into_iter().filter(|tree| tree.leaves() <= MAX_LEAVES).collect();
            let wanted: f32 = trees.iter().map(|tree| leaf(tree, &row)).sum();
            prop_assert_eq!(Forest::new(0.0, &trees).score(&row), wanted);
        }
    }

    #[test]
    fn trees_answer_by_thresholds() {
        let forest = sample();
        assert_eq!(forest.score(&[4.0, 0.0]), 4.75);
        assert_eq!(forest.score(&[3.0, 0.0]), -0.25);
        assert_eq!(forest.score(&[0.0, 1.0]), 2.75);
    }

    #[test]
    fn written_forests_are_read_back() {
        let mut text = String::new();
        sample().write("test", &FEATURES, &mut text);
        assert_eq!(Forest::read("test", &FEATURES, &text).unwrap(), sample());
    }

    #[test]
    fn a_damaged_forest_is_refused_with_its_line() {
        for text in [
            "",
            "forest other 1 0\n1",
            "forest test 1 0\nlong>x 1 2",
            "forest test 1 0\ntall>1 1 2",
            "forest test 1 0\nlong>1 2",
            "forest test 2 0\n1",
        ] {
            assert!(Forest::read("test", &FEATURES, text).is_err(), "{text}");
        }
    }

    #[test]
    fn reasons_add_up_to_the_score_less_the_means() {
        let forest = sample();
        let log_odds = forest.explain(&[0.0, 1.0]);
        let means = 0.5 + ((-1.0 + 2.0) / 2.0 + 4.0) / 2.0 + 0.25;
        assert!((log_odds.iter().sum::<f32>() + means - forest.score(&[0.0, 1.0])).abs() < 1e-6);
    }
}
