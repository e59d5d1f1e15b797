//! The learned weights of tagging.
//!
//! Trained on English news in which people marked the places. Only common words beside names are kept from those texts, and no
//! names. No surface and no id is a feature.

use std::sync::LazyLock;

use super::span_features::ContextCues;
use super::{sense_features, span_features};
#[cfg(feature = "train")]
use crate::error::Result;
#[cfg(feature = "train")]
use crate::forest::CueWords;
use crate::forest::{self, Forest};

/// The weights of all decisions about a mention.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TagModel {
    /// Is the span a name of a place here? Over [`span_features::NAMES`].
    pub recognition: Forest,
    /// Which of its senses is meant? Over [`sense_features::NAMES`].
    pub resolution: Forest,
    /// Is the answer, span and sense, right? Over [`sense_features::answer_names`].
    pub answer: Forest,
    /// [`TagModel::recognition`] for caseless text: headlines in capitals, lowercase messages, hashtags.
    pub recognition_caseless: Forest,
    /// [`TagModel::answer`] for caseless text.
    pub answer_caseless: Forest,
    /// What the words beside a name tell.
    pub cues: ContextCues,
}

impl TagModel {
    /// The bundled model.
    pub fn bundled() -> &'static TagModel {
        static MODEL: LazyLock<TagModel> = LazyLock::new(|| {
            let (span, sense, answer) = (span_features::NAMES, sense_features::NAMES, sense_features::answer_names());
            TagModel {
                recognition: forest::bundled("recognition", &span),
                resolution: forest::bundled("resolution", &sense),
                answer: forest::bundled("answer", &answer),
                recognition_caseless: forest::bundled("recognition-caseless", &span),
                answer_caseless: forest::bundled("answer-caseless", &answer),
                cues: ContextCues {
                    before: forest::bundled_cue_words("before"),
                    after: forest::bundled_cue_words("after"),
                    run: forest::bundled_cue_words("run"),
                },
            }
        });
        &MODEL
    }

    /// The forest that recognizes names, for text with or without case.
    pub fn recognition_for(&self, caseless: bool) -> &Forest {
        if caseless { &self.recognition_caseless } else { &self.recognition }
    }

    /// The forest that judges answers, for text with or without case.
    pub fn answer_for(&self, caseless: bool) -> &Forest {
        if caseless { &self.answer_caseless } else { &self.answer }
    }

    /// Appends the sections of the model.
    #[cfg(feature = "train")]
    pub fn write(&self, out: &mut String) {
        let (span, sense, answer) = (span_features::NAMES, sense_features::NAMES, sense_features::answer_names());
        self.cues.before.write("before", out);
        self.cues.after.write("after", out);
        self.cues.run.write("run", out);
        self.recognition.write("recognition", &span, out);
        self.resolution.write("resolution", &sense, out);
        self.answer.write("answer", &answer, out);
        self.recognition_caseless.write("recognition-caseless", &span, out);
        self.answer_caseless.write("answer-caseless", &answer, out);
    }

    /// Reads the sections that [`TagModel::write`] wrote, from a model file.
    ///
    /// # Errors
    /// If a section is missing or damaged, with its line.
    #[cfg(feature = "train")]
    pub fn read(file: &str) -> Result<TagModel> {
        let (span, sense, answer) = (span_features::NAMES, sense_features::NAMES, sense_features::answer_names());
        Ok(TagModel {
            cues: ContextCues {
                before: CueWords::read("before", file)?,
                after: CueWords::read("after", file)?,
                run: CueWords::read("run", file)?,
            },
            recognition: Forest::read("recognition", &span, file)?,
            resolution: Forest::read("resolution", &sense, file)?,
            answer: Forest::read("answer", &answer, file)?,
            recognition_caseless: Forest::read("recognition-caseless", &span, file)?,
            answer_caseless: Forest::read("answer-caseless", &answer, file)?,
        })
    }
}
