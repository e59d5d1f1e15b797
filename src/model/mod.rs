//! Learned weights: small trees over named features, and what the words beside a name tell. Text in `data/model.txt`.
//!
//! Trained by the program in `train/` on English news in which people had marked the places; no word of those texts is kept but
//! common words beside names, and no name at all. `docs/accuracy.md` has the figures.

pub mod forest;
mod walk;

use std::sync::LazyLock;

use hashbrown::HashMap;

pub use forest::{Forest, Tree};

use crate::error::{Error, Result};
use crate::lookup::misspelt;
use crate::{pair, resolve, tag};

/// The weights of all decisions that are learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Is the span a name of a place here? Over [`tag::features::NAMES`].
    pub recognition: Forest,
    /// Which of its readings is meant? Over [`resolve::features::NAMES`].
    pub resolution: Forest,
    /// Is the answer, span and reading, right? Over [`resolve::features::ANSWER`].
    pub answer: Forest,
    /// [`Model::recognition`] where capitals say nothing: headlines in capitals, texts in small letters, hashtags.
    pub recognition_uncased: Forest,
    /// [`Model::answer`] there.
    pub answer_uncased: Forest,
    /// May two names be of one place? Over [`crate::pair::NAMES`].
    pub pair: Forest,
    /// Is an answer right that was found by likeness alone? Over [`crate::lookup::misspelt::NAMES`].
    pub misspelt: Forest,
    /// Words before a name.
    pub before: Cues,
    /// Words after it.
    pub after: Cues,
    /// Last words of the capitalised run that it begins.
    pub run: Cues,
}

/// What words tell by standing beside a span: logarithms of odds, 0 for those that tell nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cues(pub HashMap<String, f32>);

impl Cues {
    /// What a folded word tells.
    pub fn worth(&self, word: &str) -> f32 {
        self.0.get(word).copied().unwrap_or(0.0)
    }

    fn write(&self, name: &str, out: &mut String) {
        use std::fmt::Write as _;
        let mut words: Vec<_> = self.0.iter().collect();
        words.sort_by(|a, b| a.0.cmp(b.0));
        let _ = writeln!(out, "cues {name} {}", words.len());
        for (word, worth) in words {
            let _ = writeln!(out, "{word} {worth}");
        }
    }

    fn read<'a>(name: &str, lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Result<Cues> {
        let wrong = |line: usize| {
            Error::data(format!("the cues '{name}' are damaged")).in_file("the model").on_line(line as u64)
        };
        let (line, head) = lines.next().ok_or_else(|| wrong(0))?;
        let count =
            head.strip_prefix("cues ").and_then(|rest| rest.strip_prefix(name)).and_then(|n| n.trim().parse().ok());
        let mut cues = Cues::default();
        for _ in 0..count.ok_or_else(|| wrong(line))? {
            let (line, text) = lines.next().ok_or_else(|| wrong(line))?;
            let (word, worth) = text.split_once(' ').ok_or_else(|| wrong(line))?;
            cues.0.insert(word.to_owned(), worth.parse().map_err(|_| wrong(line))?);
        }
        Ok(cues)
    }
}

impl Model {
    /// The model of this program.
    pub fn bundled() -> &'static Model {
        static MODEL: LazyLock<Model> = LazyLock::new(|| {
            // A test reads it, so that it cannot be damaged here; without trees the reasons by hand decide.
            Model::read(allonym_data::MODEL).unwrap_or_default()
        });
        &MODEL
    }

    /// What tells whether a span is a name, where capitals say something and where they are `lost`.
    pub fn recognition_of(&self, lost: bool) -> &Forest {
        if lost { &self.recognition_uncased } else { &self.recognition }
    }

    /// What tells whether an answer is right, where capitals say something and where they are `lost`.
    pub fn answer_to(&self, lost: bool) -> &Forest {
        if lost { &self.answer_uncased } else { &self.answer }
    }

    /// Whether there is anything to decide by.
    pub fn is_empty(&self) -> bool {
        *self == Model::default()
    }

    /// The model as text, behind lines of comment that begin with `#`.
    pub fn write(&self, comment: &str) -> String {
        let mut out: String = comment.lines().map(|line| format!("# {line}\n")).collect();
        self.before.write("before", &mut out);
        self.after.write("after", &mut out);
        self.run.write("run", &mut out);
        self.recognition.write("recognition", &tag::features::NAMES, &mut out);
        self.resolution.write("resolution", &resolve::features::NAMES, &mut out);
        self.answer.write("answer", &resolve::features::answer_names(), &mut out);
        self.pair.write("pair", &pair::NAMES, &mut out);
        self.misspelt.write("misspelt", &misspelt::NAMES, &mut out);
        self.recognition_uncased.write("recognition-uncased", &tag::features::NAMES, &mut out);
        self.answer_uncased.write("answer-uncased", &resolve::features::answer_names(), &mut out);
        out
    }

    /// Reads what [`Model::write`] wrote.
    ///
    /// # Errors
    /// With the line that is no part of a model.
    pub fn read(text: &str) -> Result<Model> {
        let lines = text.lines().enumerate().map(|(n, line)| (n + 1, line));
        let mut lines = lines.filter(|(_, line)| !line.starts_with('#'));
        Ok(Model {
            before: Cues::read("before", &mut lines)?,
            after: Cues::read("after", &mut lines)?,
            run: Cues::read("run", &mut lines)?,
            recognition: Forest::read("recognition", &tag::features::NAMES, &mut lines)?,
            resolution: Forest::read("resolution", &resolve::features::NAMES, &mut lines)?,
            answer: Forest::read("answer", &resolve::features::answer_names(), &mut lines)?,
            pair: Forest::read("pair", &pair::NAMES, &mut lines)?,
            misspelt: Forest::read("misspelt", &misspelt::NAMES, &mut lines)?,
            recognition_uncased: Forest::read("recognition-uncased", &tag::features::NAMES, &mut lines)?,
            answer_uncased: Forest::read("answer-uncased", &resolve::features::answer_names(), &mut lines)?,
        })
    }
}
