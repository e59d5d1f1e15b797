//! What holds for every text whatever.

mod common;

use allonym::entity::id_order;
use allonym::fold::{Folded, Key, phonetic_key, romanize, skeleton, spellings};
use allonym::tag::Options;
use allonym::{Fuzzy, MatchKind, Query};
use common::bundled;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// Letters, marks and signs of many scripts, and what comes between them in texts.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "(?s).{0,40}",
        "[A-Za-zÀ-žƀ-ɏə' .-]{0,40}",
        "[Ѐ-ӿ' .-]{0,30}",
        "[\u{530}-\u{58f}\u{10a0}-\u{10ff}\u{370}-\u{3ff} .-]{0,30}",
        "[\u{590}-\u{6ff}\u{750}-\u{77f} .-]{0,30}",
        "[\u{900}-\u{d7f}\u{e00}-\u{e7f} .-]{0,30}",
        "[\u{3040}-\u{30ff}\u{4e00}-\u{4fff}\u{ac00}-\u{adff} ]{0,20}",
        prop::collection::vec(any::<char>(), 0..30).prop_map(|letters| letters.into_iter().collect::<String>()),
    ]
}

/// Text as it is written: names, demonyms and ordinary words with what stands between them.
fn any_prose() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(vec![
            "Baku", "Paris", "Texas", "Karabakh", "Garabagh", "Stepanakert", "Xankəndi", "Şuşa", "New", "York", "Saint", "Louis",
            "Washington", "D.C.", "U.S.", "UAE", "Azerbaijani", "Armenians", "Київ", "Москва", "Երևան", "თბილისი", "Αθήνα",
            "بغداد", "ירושלים", "東京", "Nice", "Reading", "Isle", "of", "Man", "L'Aquila", "Port-au-Prince", "Düsseldorf",
            "Duesseldorf", "Khankendi’s", "Trinidad", "&", "Tobago", "KYIV", "STEPANAKERT", "Mount", "Everest", "St.",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec!["in", "the", "of", "said", "from", "and", "at", "turkey", "road", "Mr."]).prop_map(str::to_owned),
        1 => any_text(),
    ];
    let gap = prop::sample::select(vec![
        " ", " ", " ", ", ", ". ", " (", ") ", "/", "-", "\n", "\n\n", "'s ", "", "\u{a0}", "\0", "\t",
    ]);
    prop::collection::vec((word, gap), 0..24)
        .prop_map(|words| words.into_iter().flat_map(|(word, gap)| [word, gap.to_owned()]).collect())
}

fn settings(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(settings(4000))]

    #[test]
    fn folding_twice_is_folding_once(text in any_text()) {
        let key = Key::of(&text);
        prop_assert_eq!(Key::of(key.as_str()), key);
    }

    #[test]
    fn composed_and_decomposed_text_fold_alike(text in any_text()) {
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(Key::of(&nfc), Key::of(&nfd));
    }

    #[test]
    fn the_case_of_ascii_letters_does_not_matter(text in any_text()) {
        prop_assert_eq!(Key::of(&text.to_ascii_uppercase()), Key::of(&text.to_ascii_lowercase()));
    }

    #[test]
    fn white_space_around_does_not_matter(text in any_text()) {
        prop_assert_eq!(Key::of(&format!(" \t{text}\u{a0}\n ")), Key::of(&text));
    }

    #[test]
    fn a_key_has_no_capitals_and_single_spaces(text in any_text()) {
        let key = Key::of(&text);
        let key = key.as_str();
        prop_assert!(!key.bytes().any(|b| b.is_ascii_uppercase()), "{}", key);
        prop_assert!(!key.starts_with(' ') && !key.ends_with(' ') && !key.contains("  "), "'{}'", key);
    }

    #[test]
    fn words_lie_in_order_on_the_edges_of_letters(text in any_text()) {
        let mut folded = Folded::default();
        folded.read(&text);
        let mut end = 0;
        for word in folded.words() {
            let (from, to) = (word.start as usize, word.end as usize);
            prop_assert!(end <= from && from < to, "{:?}", word);
            prop_assert!(text.is_char_boundary(from) && text.is_char_boundary(to), "{:?}", word);
            prop_assert!(!folded.letters(word).is_empty());
            end = to;
        }
    }

    #[test]
    fn every_further_spelling_is_another_key_than_the_own(text in any_text()) {
        let keys = spellings(&text);
        prop_assert!(!keys.contains(&Key::of(&text)));
        for key in &keys {
            prop_assert_eq!(&Key::of(key.as_str()), key);
        }
    }

    #[test]
    fn phonetic_keys_skeletons_and_romanizations_are_made_of_any_text(text in any_text()) {
        let _ = skeleton(&phonetic_key(&text));
        let latin = romanize(&text);
        prop_assert!(latin.len() <= 64 * text.len() + 64, "a text explodes: {} bytes", latin.len());
    }

    #[test]
    fn composed_and_decomposed_text_sound_alike(text in any_text()) {
        let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(phonetic_key(&nfc), phonetic_key(&nfd));
    }

    #[test]
    fn ids_have_one_order(a in "(gn|al|iso|x):([0-9]{0,12}|[A-Z]{0,3}-?[A-Z0-9]{0,3})", b in "(gn|al|iso):[0-9A-Z-]{0,8}", c in "(gn|al):[0-9a-z:]{0,8}") {
        prop_assert_eq!(id_order(&a, &b), id_order(&b, &a).reverse());
        prop_assert_eq!(id_order(&a, &b).is_eq(), a == b, "only equal ids are equal: '{}' '{}'", a, b);
        prop_assert!(id_order(&a, &a).is_eq());
        let mut three = [&a, &b, &c];
        three.sort_by(|x, y| id_order(x, y));
        prop_assert!(id_order(three[0], three[1]).is_le() && id_order(three[1], three[2]).is_le() && id_order(three[0], three[2]).is_le());
    }

    #[test]
    fn numbers_in_ids_are_ordered_as_numbers(a: u64, b: u64) {
        prop_assert_eq!(id_order(&format!("gn:{a}"), &format!("gn:{b}")), a.cmp(&b));
    }
}

fn sound_mentions(text: &str, options: &Options) -> Result<usize, TestCaseError> {
    let found = bundled().tag(text, options);
    let letters: Vec<char> = text.chars().collect();
    let mut end = 0;
    for resolution in &found {
        let m = resolution.mention;
        prop_assert!(end <= m.byte_start, "mentions overlap or are out of order at byte {}", m.byte_start);
        prop_assert!(m.byte_start < m.byte_end && m.byte_end <= text.len());
        prop_assert!(text.is_char_boundary(m.byte_start) && text.is_char_boundary(m.byte_end));
        let slice = &text[m.byte_start..m.byte_end];
        prop_assert_eq!(text[..m.byte_start].chars().count(), m.start);
        prop_assert_eq!(letters[m.start..m.end].iter().collect::<String>(), slice);
        end = m.byte_end;
        prop_assert!(!resolution.candidates.is_empty());
        prop_assert!(resolution.candidates.len() <= options.candidates);
        for candidate in &resolution.candidates {
            let (key, name) = (Key::of(slice), candidate.name.text());
            // An ending or a prefix of grammar leaves the beginning of the name in the word.
            let beginning: String = Key::of(name).as_str().chars().take(2).collect();
            let inflected = candidate.how == MatchKind::Inflected && key.as_str().contains(&beginning);
            prop_assert!(
                inflected || key == Key::of(name) || spellings(name).contains(&key),
                "'{}' (folded '{}') was found as '{}'",
                slice,
                key,
                name
            );
            prop_assert!((0.0..=1.0).contains(&candidate.score()), "{}", candidate.score());
            prop_assert_eq!(candidate.name.entity().map(|e| e.number()), Some(candidate.entity.number()));
            prop_assert!(candidate.name.in_text(), "'{}' is no name for running text", name);
        }
        prop_assert!(resolution.candidates.is_sorted_by(|a, b| a.score() >= b.score()));
    }
    Ok(found.len())
}

proptest! {
    #![proptest_config(settings(1500))]

    #[test]
    fn mentions_are_in_order_apart_and_fold_to_their_names(text in any_prose()) {
        sound_mentions(&text, &Options { candidates: 4, ..Options::default() })?;
    }

    #[test]
    fn mentions_hold_for_text_of_any_letters(text in any_text()) {
        sound_mentions(&text, &Options::default())?;
    }

    #[test]
    fn a_text_tagged_twice_gives_the_same(text in any_prose()) {
        let told = || -> Vec<(usize, usize, String, String)> {
            let found = bundled().tag(&text, &Options::default());
            found.iter().map(|r| (r.mention.start, r.mention.end, r.candidates[0].entity.id().to_owned(), format!("{:.6}", r.candidates[0].score()))).collect()
        };
        prop_assert_eq!(told(), told());
    }

    #[test]
    fn without_demonyms_no_demonym_is_found(text in any_prose()) {
        let found = bundled().tag(&text, &Options { demonyms: false, ..Options::default() });
        prop_assert!(!found.iter().any(|r| r.is_demonym()));
    }
}

proptest! {
    #![proptest_config(settings(250))]

    #[test]
    fn any_text_can_be_looked_up(text in prop_oneof![any_text(), any_prose()]) {
        for fuzzy in [Fuzzy::Auto, Fuzzy::Within(0), Fuzzy::Within(2)] {
            let query = Query { fuzzy, limit: 20, ..Query::new(&text) };
            let answer = bundled().lookup(&query).map_err(|e| TestCaseError::fail(e.to_string()))?;
            prop_assert!(answer.candidates.len() <= 20);
            prop_assert!(answer.candidates.iter().all(|c| (0.0..=1.0).contains(&c.score())));
            prop_assert!(answer.candidates.is_sorted_by(|a, b| a.score() >= b.score()));
            let mut ids: Vec<u32> = answer.candidates.iter().map(|c| c.entity.number()).collect();
            ids.sort_unstable();
            ids.dedup();
            prop_assert_eq!(ids.len(), answer.candidates.len(), "an entity is there twice");
        }
    }
}

#[test]
fn the_properties_are_tried_on_texts_that_hold_mentions() {
    // The generator above would prove nothing if its texts held no names.
    let found = sound_mentions(
        "Azerbaijani forces in Karabakh (Garabagh), Xankəndi’s road to Port-au-Prince.",
        &Options::default(),
    );
    assert!(found.is_ok_and(|count| count >= 4));
}
