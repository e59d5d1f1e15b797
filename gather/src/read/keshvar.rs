//! keshvar: countries and ISO 3166-2 subdivisions, kept as Rust source. Its literals are read, nothing is compiled.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprStruct, Lit};

use super::Tagged;
use crate::geo::Point;
use crate::package::Package;

pub const CODE: &str = "kesh";

#[derive(Debug, Default)]
pub struct Country {
    pub alpha2: String,
    pub short_name: String,
    pub long_name: String,
    /// What the people are called in English.
    pub nationality: String,
    pub un_member: bool,
    pub names: Vec<Tagged>,
    pub unofficial: Vec<String>,
}

#[derive(Debug, Default)]
pub struct Subdivision {
    pub name: String,
    /// `City`, `Oblast`, … in English, one word.
    pub kind: String,
    pub point: Option<Point>,
    pub names: Vec<Tagged>,
    pub unofficial: Vec<String>,
}

#[derive(Default)]
pub struct Countries {
    pub countries: BTreeMap<String, Country>,
    /// By ISO 3166-2 code.
    pub subdivisions: BTreeMap<String, Subdivision>,
}

pub fn read(package: &Package) -> Result<Countries> {
    let mut countries = Countries::default();
    for (name, text) in package.between("src/countries/", ".rs") {
        let text = std::str::from_utf8(text).with_context(|| format!("{name}.rs is not UTF-8"))?;
        let file = syn::parse_file(text).with_context(|| format!("{name}.rs is not Rust"))?;
        countries.visit_file(&file);
    }
    Ok(countries)
}

impl<'ast> Visit<'ast> for Countries {
    fn visit_expr_struct(&mut self, item: &'ast ExprStruct) {
        let field =
            |name: &str| item.fields.iter().find(|field| is_field(&field.member, name)).map(|field| &field.expr);
        let text = |name| field(name).and_then(|expr| strings(expr).into_iter().next()).unwrap_or_default();
        let code = |name| field(name).map(last_ident).unwrap_or_default();
        match item.path.segments.last().map(|segment| segment.ident.to_string()).as_deref() {
            Some("Subdivision") => {
                let subdivision = Subdivision {
                    name: text("name"),
                    kind: code("subdivision_type"),
                    point: field("geo").and_then(point),
                    names: field("translations").map(pairs).unwrap_or_default(),
                    unofficial: field("unofficial_name_list").map(strings).unwrap_or_default(),
                };
                self.subdivisions.insert(format!("{}-{}", code("country_alpha2"), text("code")), subdivision);
            }
            Some("Country") => {
                let country = Country {
                    alpha2: code("alpha2"),
                    short_name: text("iso_short_name"),
                    long_name: text("iso_long_name"),
                    nationality: text("maybe_nationality"),
                    un_member: field("un_member").is_some_and(is_true),
                    names: field("translations").map(pairs).unwrap_or_default(),
                    unofficial: field("unofficial_name_list").map(strings).unwrap_or_default(),
                };
                self.countries.insert(country.alpha2.clone(), country);
            }
            _ => {}
        }
        visit::visit_expr_struct(self, item);
    }
}

fn is_field(member: &syn::Member, name: &str) -> bool {
    matches!(member, syn::Member::Named(ident) if ident == name)
}

fn is_true(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(ExprLit { lit: Lit::Bool(value), .. }) if value.value)
}

/// `Alpha2::AZ` as `AZ`.
fn last_ident(expr: &Expr) -> String {
    match expr {
        Expr::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// All string literals of an expression, in order.
fn strings(expr: &Expr) -> Vec<String> {
    struct Strings(Vec<String>);
    impl<'ast> Visit<'ast> for Strings {
        fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
            self.0.push(literal.value());
        }
    }
    let mut found = Strings(Vec::new());
    found.visit_expr(expr);
    found.0
}

/// `[("az", "Xankəndi"), …]`, however it is wrapped.
fn pairs(expr: &Expr) -> Vec<Tagged> {
    strings(expr).chunks_exact(2).map(|pair| Tagged { locale: pair[0].clone(), text: pair[1].clone() }).collect()
}

/// `Some(SubdivisionGeo { latitude: Some(39.8), longitude: Some(46.7), … })`
fn point(expr: &Expr) -> Option<Point> {
    struct Degrees(BTreeMap<String, f64>);
    impl<'ast> Visit<'ast> for Degrees {
        fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
            if let (syn::Member::Named(name), Some(value)) = (&field.member, number(&field.expr)) {
                self.0.insert(name.to_string(), value);
            }
        }
    }
    let mut degrees = Degrees(BTreeMap::new());
    degrees.visit_expr(expr);
    Point::new(*degrees.0.get("latitude")?, *degrees.0.get("longitude")?)
}

/// `Some(-39.8)`, `39.8` or `39`.
fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Call(call) => number(call.args.first()?),
        Expr::Unary(unary) => number(&unary.expr).map(|value| -value),
        Expr::Lit(ExprLit { lit: Lit::Float(value), .. }) => value.base10_parse().ok(),
        Expr::Lit(ExprLit { lit: Lit::Int(value), .. }) => value.base10_parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subdivision_is_read_from_its_source() {
        let source = r#"fn new() { [("XA", Subdivision {
            name: "Xank\u{e4}ndi", country_alpha2: Alpha2::AZ, code: "XA",
            geo: Some(SubdivisionGeo { latitude: Some(39.8), longitude: Some(-46.7), max_latitude: None }),
            subdivision_type: SubdivisionType::Municipality,
            translations: HashMap::from([("az", "Xankəndi"), ("hy", "Ստեփանակերտ")]),
            unofficial_name_list: ["Xankändi"].to_vec(),
        })] }"#;
        let mut countries = Countries::default();
        countries.visit_file(&syn::parse_file(source).expect("it is Rust"));
        let found = &countries.subdivisions["AZ-XA"];
        assert_eq!((found.name.as_str(), found.kind.as_str()), ("Xankändi", "Municipality"));
        assert_eq!(found.point, Point::new(39.8, -46.7));
        assert_eq!(found.names[1], Tagged { locale: "hy".into(), text: "Ստեփանակերտ".into() });
        assert_eq!(found.unofficial, ["Xankändi"]);
    }
}
