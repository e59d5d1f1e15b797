//! Names as places have them: a few syllables, often with a word that says what is named, in one of many scripts.

use crate::numbers::Numbers;

/// A script as the letters that it has for the same sounds.
pub struct Letters {
    consonants: [&'static str; 18],
    vowels: [&'static str; 5],
    capitals: bool,
}

/// Spellings in Latin letters, as in several languages.
const LATIN: [Letters; 4] = [
    letters("b k d f g h j l m n p r s t v z sh ch", "a e i o u", true),
    letters("b k d f g h y l m n p r s t w z š č", "a é i o ú", true),
    letters("b c d f g h j l m n p r ss t v s sch tsch", "a ä i ö u", true),
    letters("b q d f ğ x c l m n p r s t v z ş ç", "a ə ı o ü", true),
];

/// The other scripts, with a language of each.
const OTHERS: [(&str, Letters); 9] = [
    ("ru", letters("б к д ф г х ж л м н п р с т в з ш ч", "а е и о у", true)),
    ("ar", letters("ب ك د ف غ ح ج ل م ن پ ر س ت و ز ش چ", "ا ه ي و ؤ", false)),
    ("hy", letters("բ կ դ ֆ գ հ ժ լ մ ն պ ր ս տ վ զ շ չ", "ա ե ի ո ու", true)),
    ("ka", letters("ბ კ დ ფ გ ხ ჟ ლ მ ნ პ რ ს ტ ვ ზ შ ჩ", "ა ე ი ო უ", false)),
    ("el", letters("μπ κ ντ φ γ χ τζ λ μ ν π ρ σ τ β ζ σσ τσ", "α ε ι ο ου", true)),
    ("he", letters("ב ק ד פ ג ה ז ל מ נ פ ר ס ט ו צ ש כ", "א ע י ו ו", false)),
    ("hi", letters("ब क द फ ग ह ज ल म न प र स त व ज़ श च", "ा े ि ो ु", false)),
    ("th", letters("บ ก ด ฟ ง ห จ ล ม น ป ร ส ต ว ซ ช ฉ", "า ี ิ อ ุ", false)),
    ("zh", letters("巴 克 德 夫 格 哈 加 拉 姆 恩 普 尔 斯 特 瓦 兹 什 奇", "阿 埃 伊 奥 乌", false)),
];

const fn letters(consonants: &'static str, vowels: &'static str, capitals: bool) -> Letters {
    Letters { consonants: split(consonants), vowels: split(vowels), capitals }
}

/// The words of a text that has as many.
const fn split<const N: usize>(text: &'static str) -> [&'static str; N] {
    let mut parts = [""; N];
    let (mut part, mut rest) = (0, text);
    while part < N {
        let bytes = rest.as_bytes();
        let mut end = 0;
        while end < bytes.len() && bytes[end] != b' ' {
            end += 1;
        }
        (parts[part], rest) = rest.split_at(end);
        if !rest.is_empty() {
            rest = rest.split_at(1).1;
        }
        part += 1;
    }
    parts
}

/// What a name says beside the proper part: words in front, words behind, how often, and for which classes of places.
type Kind = (&'static [(&'static str, u32)], &'static [(&'static str, u32)], u32);

const KINDS: [(char, Kind); 9] = [
    (
        'P',
        (
            &[
                ("San", 12),
                ("Santa", 9),
                ("El", 6),
                ("Las", 3),
                ("Ban", 8),
                ("Kampung", 8),
                ("Al", 5),
                ("Novo", 3),
                ("Saint", 4),
            ],
            &[
                ("tepe", 2),
                ("abad", 6),
                ("ville", 4),
                ("ka", 4),
                ("pur", 5),
                ("village", 3),
                ("Kalan", 2),
                ("de Abajo", 2),
            ],
            40,
        ),
    ),
    (
        'S',
        (
            &[("Iglesia", 2), ("Hotel", 9), ("Mount", 1)],
            &[("Church", 12), ("School", 14), ("Cemetery", 9), ("Farm", 9)],
            85,
        ),
    ),
    (
        'H',
        (
            &[("Wadi", 9), ("Rio", 9), ("Lac", 4), ("Lake", 5), ("Nahr", 3)],
            &[("Creek", 14), ("River", 6), ("Lake", 8)],
            80,
        ),
    ),
    (
        'T',
        (&[("Jabal", 9), ("Cerro", 9), ("Gora", 5), ("Kuh-e", 6)], &[("Hill", 6), ("Mountain", 6), ("Island", 6)], 75),
    ),
    ('A', (&[("Municipio de", 6), ("Commune de", 4)], &[("District", 9), ("County", 5), ("Rayon", 4)], 55)),
    ('L', (&[("Parque", 2)], &[("Park", 9), ("Oil Field", 2), ("Reserve", 3)], 80)),
    ('R', (&[("Rua", 2)], &[("Road", 5), ("Railroad", 2), ("Street", 4)], 90)),
    ('V', (&[("Bosque", 2)], &[("Forest", 6)], 90)),
    ('U', (&[("Banco", 1)], &[("Seamount", 5), ("Ridge", 3)], 95)),
];

/// The proper part of a name: syllables, that any script can write.
pub struct Proper(Vec<(usize, usize, Option<usize>)>);

impl Proper {
    pub fn new(numbers: &mut Numbers) -> Proper {
        let length = numbers.pick(&[(2, 40), (3, 45), (4, 14), (5, 1)]);
        let syllable = |_| {
            let closed = numbers.chance(0.35).then(|| numbers.below(18) as usize);
            (numbers.below(18) as usize, numbers.below(5) as usize, closed)
        };
        Proper((0..length).map(syllable).collect())
    }

    fn write(&self, letters: &Letters) -> String {
        let mut name = String::new();
        for &(consonant, vowel, closed) in &self.0 {
            name.push_str(letters.consonants[consonant]);
            name.push_str(letters.vowels[vowel]);
            name.push_str(closed.map_or("", |consonant| letters.consonants[consonant]));
        }
        let mut rest = name.chars();
        match rest.next() {
            Some(first) if letters.capitals => first.to_uppercase().chain(rest).collect(),
            _ => name,
        }
    }

    /// The name in plain letters, with the words that places of a class have.
    pub fn main(&self, class: char, numbers: &mut Numbers) -> String {
        let proper = self.write(&LATIN[0]);
        let Some((_, (before, behind, percent))) = KINDS.iter().find(|(of, _)| *of == class) else { return proper };
        if numbers.below(100) >= u64::from(*percent) {
            return proper;
        }
        if numbers.chance(0.5) {
            return format!("{} {proper}", numbers.pick(before));
        }
        let word = numbers.pick(behind);
        let joint = if word.starts_with(char::is_lowercase) && !word.contains(' ') { "" } else { " " };
        format!("{proper}{joint}{word}")
    }

    /// Another name, with its language: another spelling, another script, now and then another name.
    pub fn other(&self, numbers: &mut Numbers) -> (&'static str, String) {
        let own;
        let proper = if numbers.chance(0.2) {
            own = Proper::new(numbers);
            &own
        } else {
            self
        };
        if numbers.chance(0.6) {
            let (lang, at) =
                numbers.pick(&[(("", 0), 45), (("en", 0), 20), (("fr", 1), 15), (("de", 2), 12), (("az", 3), 8)]);
            return (lang, proper.write(&LATIN[at]));
        }
        let at = numbers.pick(&[(0, 25), (1, 25), (8, 20), (2, 3), (3, 3), (4, 5), (5, 4), (6, 8), (7, 7)]);
        let (lang, letters) = &OTHERS[at];
        (lang, proper.write(letters))
    }
}
