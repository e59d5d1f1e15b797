//! The generic elements of toponyms: `city of`, `district`, `oblast`, `г.` beside a name say what is named.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Key;

/// What a generic element says of the thing named: the GeoNames classes it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Generic {
    /// The element, folded.
    pub word: &'static str,
    /// Letters of GeoNames classes.
    pub classes: &'static str,
}

const fn g(word: &'static str, classes: &'static str) -> Generic {
    Generic { word, classes }
}

/// Units, settlements, waters and heights in the languages of the bundled names' larger sources.
const GENERICS: &[Generic] = &[
    g("area", "AL"),
    g("autonomous", "A"),
    g("borough", "AP"),
    g("canton", "A"),
    g("capital", "P"),
    g("city", "P"),
    g("co", "A"),
    g("commune", "AP"),
    g("county", "A"),
    g("department", "A"),
    g("district", "A"),
    g("governorate", "A"),
    g("hromada", "A"),
    g("island", "TL"),
    g("islands", "TL"),
    g("krai", "A"),
    g("kray", "A"),
    g("lake", "H"),
    g("metropolitan", "A"),
    g("mount", "T"),
    g("mountain", "T"),
    g("mountains", "T"),
    g("mts", "T"),
    g("municipality", "AP"),
    g("oblast", "A"),
    g("okrug", "A"),
    g("parish", "A"),
    g("prefecture", "A"),
    g("province", "A"),
    g("raion", "A"),
    g("rayon", "A"),
    g("region", "AL"),
    g("republic", "A"),
    g("river", "H"),
    g("sea", "H"),
    g("settlement", "P"),
    g("state", "A"),
    g("subdistrict", "A"),
    g("town", "P"),
    g("township", "AP"),
    g("valley", "TL"),
    g("village", "P"),
    g("voivodeship", "A"),
    // Azerbaijani, Turkish
    g("kendi", "P"),
    g("koyu", "P"),
    g("qesebesi", "P"),
    g("rayonu", "A"),
    g("seheri", "P"),
    g("sehri", "P"),
    g("ili", "A"),
    g("ilcesi", "A"),
    g("vilayeti", "A"),
    // German, French, Spanish, Italian, Portuguese
    g("kreis", "A"),
    g("landkreis", "A"),
    g("stadt", "P"),
    g("departement", "A"),
    g("ville", "P"),
    g("ciudad", "P"),
    g("departamento", "A"),
    g("provincia", "A"),
    g("municipio", "AP"),
    g("cidade", "P"),
    g("estado", "A"),
    g("comune", "AP"),
    // Russian, Ukrainian
    g("г", "P"),
    g("город", "P"),
    g("село", "P"),
    g("с", "P"),
    g("пос", "P"),
    g("поселок", "P"),
    g("пгт", "P"),
    g("деревня", "P"),
    g("раион", "A"),
    g("область", "A"),
    g("обл", "A"),
    g("краи", "A"),
    g("республика", "A"),
    g("м", "P"),
    g("місто", "P"),
    g("селище", "P"),
    // Armenian, Georgian, Arabic, Persian
    g("քաղաք", "P"),
    g("գյուղ", "P"),
    g("մարզ", "A"),
    g("ქალაქი", "P"),
    g("სოფელი", "P"),
    g("مدينه", "P"),
    g("محافظه", "A"),
    g("قضا", "A"),
    g("شهر", "P"),
    g("استان", "A"),
    g("روستاي", "P"),
];

/// What a folded word says, where it is a generic element.
pub fn generic(word: &str) -> Option<Generic> {
    GENERICS.iter().find(|generic| generic.word == word).copied()
}

/// Generic elements of further languages, as they are written, by what they stand for. They are used where a name is known to be
/// one: in running text some of them are other words.
const FURTHER: &[(&str, &str)] = &[
    // Units of the first and second level.
    (
        "A",
        "ноҳияи вилояти раён вобласць рајон округ област општина жупанија губернія повіт волость улус аймак ауданы облысы \
         кӀошт շրջան շրջանի մարզի გამგეობა რაიონი რაიონის ოლქი მხარე επαρχια νομος περιφερεια δημος ενοτητα \
         محافظة مقاطعة مديرية ولاية إقليم إمارة قضاء رايون منطقة ناحية لواء استان شهرستان بخش دهستان ناحیه ولایت ولسوالی \
         ضلع صوبہ تحصیل ڈویژن شہرستان رایونو شهرستانی اوستانی پارێزگای قەزای ناوچەی مقاطعه ولایتی \
         מחוז נפת נציבות תת ज़िला जिला जिल्हा प्रांत राज्य मंडल জেলা প্রদেশ উপজেলা বিভাগ மாவட்டம் மாகாணம் మండలం జిల్లా \
         ప్రావిన్స్ જિલ્લો ಜಿಲ್ಲೆ ജില്ല ਜ਼ਿਲ੍ਹਾ ਸੂਬਾ දිස්ත්‍රික්කය පළාත \
         tỉnh huyện quận maakunta lääni piiri maakond vald provintsi provincija provincijos rajonas apskritis seniūnija novads \
         rajons province provins provinsen provinsi provintzia probintzia konderria eskualdea udalerria barrutia \
         megye megyei járás tartomány kerület okres kraj vojvodství vojvodstvo województwo powiat gmina wojewodztwo rajon \
         rajoni provinca qarku oblast oblasti oblasty obwód obwod län kommun fylke kommune amt sýsla hérað syssel \
         woiwodschaft provinz bezirk landkreis gemeinde gemeente regio voivodato voivodia powiatowy raión rayón distrito \
         distrikto provinco regiono județul judet raionul comuna wilayah daerah kabupaten kecamatan negeri mukim wilaya mkoa \
         bölgesi eyaleti sancağı nahiyesi ilçe tumani viloyati etrap welaýaty parezga bajarokê navçe navçeya parêzgeha \
         amphoe changwat tambon khet",
    ),
    // Settlements.
    (
        "P",
        "горад сяло вёска град паланка шаҳри қаласы ауылы шаары айылы калаһы хот ошсь ош кар хула \
         քաղաքը գյուղը πολη χωριο κωμοπολη مدينة قرية بلدة شهر روستای شہر گاؤں شاری گوندی ښار کلی קריית עיריית העיר כפר \
         शहर नगर गाँव গ্রাম শহর পৌরসভা நகரம் పట్టణం నగరం શહેર ನಗರ പട്ടണം ਸ਼ਹਿਰ නගරය \
         phố xã phường thị trấn kaupunki kylä linn küla miestas kaimas pilsēta ciems stad by stadur borg város falu mesto \
         město vesnice miasto wieś osada qyteti fshati oraș orașul sat satul hiria herria herri poblacion población vila aldea \
         bandar kota desa kampung mji kijiji bajar bajarê gund gundê shahri qishloq urbo vilaĝo urbs oppidum civitas",
    ),
    (
        "H",
        "nehri çayı çay göl gölü deniz river fiume rio río fleuve fluss strom rzeka reka річка ріка река нахр نهر رود دریاچه बحيرة бухта",
    ),
    ("T", "dağı dag adası ada góra gora гора горы острів остров جبل کوه جزیره جزيرة isla île insel ostrov sziget"),
];

/// Elements that are written together with the name, behind it or (`true`) before it.
const JOINED: &[(&str, bool, &str)] = &[
    ("特別市", false, "A"),
    ("特别市", false, "A"),
    ("広域市", false, "A"),
    ("广域市", false, "A"),
    ("廣域市", false, "A"),
    ("自治区", false, "A"),
    ("直辖市", false, "A"),
    ("市", false, "AP"),
    ("省", false, "A"),
    ("州", false, "A"),
    ("县", false, "A"),
    ("縣", false, "A"),
    ("県", false, "A"),
    ("郡", false, "A"),
    ("区", false, "A"),
    ("區", false, "A"),
    ("道", false, "A"),
    ("府", false, "A"),
    ("镇", false, "AP"),
    ("鎮", false, "AP"),
    ("乡", false, "AP"),
    ("鄉", false, "AP"),
    ("町", false, "AP"),
    ("村", false, "AP"),
    ("特別自治道", false, "A"),
    ("특별시", false, "A"),
    ("광역시", false, "A"),
    ("시", false, "AP"),
    ("군", false, "A"),
    ("구", false, "A"),
    ("도", false, "A"),
    ("주", false, "A"),
    ("현", false, "A"),
    ("성", false, "A"),
    ("읍", false, "AP"),
    ("면", false, "AP"),
    ("จังหวัด", true, "A"),
    ("อำเภอ", true, "A"),
    ("ตำบล", true, "A"),
    ("เทศบาลนคร", true, "AP"),
    ("เทศบาลเมือง", true, "AP"),
    ("เทศบาลตำบล", true, "AP"),
    ("เทศบาล", true, "AP"),
    ("เขต", true, "A"),
    ("แขวง", true, "A"),
    ("ខេត្ត", true, "A"),
    ("ស្រុក", true, "A"),
    ("ក្រុង", true, "AP"),
    ("ခရိုင်", false, "A"),
    ("မြို့နယ်", false, "A"),
    ("မြို့", false, "AP"),
    ("ແຂວງ", true, "A"),
    ("ເມືອງ", true, "AP"),
    ("ເຂດ", true, "A"),
];

/// What a folded word says, where it is a generic element of any language.
fn any(word: &str) -> Option<&'static str> {
    static ALL: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
        let mut all = HashMap::new();
        for (classes, words) in FURTHER {
            for word in words.split_whitespace() {
                all.entry(Key::of(word).as_str().to_owned()).or_insert(*classes);
            }
        }
        all.extend(GENERICS.iter().map(|generic| (generic.word.to_owned(), generic.classes)));
        all
    });
    ALL.get(word).copied()
}

/// A name without the generic elements at its ends, of whatever language, and the classes that the outermost speaks for; none
/// where it has none or nothing is left.
pub fn strip(name: &str) -> Option<(&str, &'static str)> {
    let mut rest = name.trim();
    let mut said = None;
    loop {
        let ends = [rest.split_once(char::is_whitespace), rest.rsplit_once(char::is_whitespace).map(|(a, b)| (b, a))];
        let found = ends.into_iter().flatten().find_map(|(word, rest)| {
            let key = Key::of(word);
            any(key.as_str()).map(|classes| (rest.trim(), classes))
        });
        let joined = || {
            JOINED.iter().find_map(|&(element, before, classes)| {
                let rest = if before { rest.strip_prefix(element) } else { rest.strip_suffix(element) };
                rest.filter(|rest| rest.chars().nth(1).is_some()).map(|rest| (rest.trim(), classes))
            })
        };
        let Some((less, classes)) = found.or_else(joined) else { break };
        if less.is_empty() {
            break;
        }
        rest = less;
        said = said.or(Some(classes));
    }
    // `city of`, `provincia de`.
    while let Some((word, less)) = rest.split_once(char::is_whitespace).filter(|_| said.is_some()) {
        if !is_connective(&word.to_lowercase()) {
            break;
        }
        rest = less.trim();
    }
    said.map(|classes| (rest, classes))
}

/// Words that join a generic element to a name: `city of`, `r. de`.
pub fn is_connective(word: &str) -> bool {
    matches!(word, "of" | "de" | "di" | "do" | "da" | "du" | "the" | "la" | "el" | "d")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_elements_of_many_languages_are_taken_off() {
        let cases = [
            ("Zərdab rayonu", "Zərdab", "A"),
            ("Ноҳияи Оғуз", "Оғуз", "A"),
            ("Горад Кванджу", "Кванджу", "P"),
            ("大邱广域市", "大邱", "A"),
            ("เทศบาลเมืองสุพรรณบุรี", "สุพรรณบุรี", "AP"),
            ("Provincia de Kars", "Kars", "A"),
            ("ضلع دادو", "دادو", "A"),
        ];
        for (name, rest, classes) in cases {
            assert_eq!(strip(name), Some((rest, classes)), "{name}");
        }
        for name in ["Baku", "city", "市", "", "京都"] {
            assert_eq!(strip(name), None, "{name}");
        }
    }

    #[test]
    fn every_element_is_folded() {
        for generic in GENERICS {
            assert_eq!(Key::of(generic.word).as_str(), generic.word);
        }
    }
}
