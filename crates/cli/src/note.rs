//! Messages on standard error.

/// Prints a line on standard error. A standard error that cannot be written to is ignored, because no result depends on it.
macro_rules! note {
    ($($argument:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($argument)*);
    }};
}
