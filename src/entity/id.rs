//! The order of entity ids.

/// Orders ids by prefix, then numerically if both are numbers, otherwise as text; numbers come first.
///
/// ```
/// use allonym::entity::id_order;
/// assert!(id_order("gn:9", "gn:10").is_lt());
/// ```
pub fn id_order(a: &str, b: &str) -> std::cmp::Ordering {
    fn parts(id: &str) -> (&str, bool, usize, &str) {
        let (prefix, rest) = id.split_once(':').unwrap_or(("", id));
        let number = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        (prefix, !number, if number { rest.len() } else { 0 }, rest)
    }
    parts(a).cmp(&parts(b))
}
