//! The OpenAPI document as a judge: every answer must have a documented status and the documented shape.

use std::sync::LazyLock;

use lvyue::routes;
use serde_json::{Map, Value};

#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub spec: Value,
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(routes::described()).unwrap());

/// Everything the document describes.
pub fn operations() -> impl Iterator<Item = Operation> {
    DOCUMENT["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().filter(|(_, spec)| spec["responses"].is_object()).map(
            |(method, spec)| Operation {
                id: spec["operationId"].as_str().unwrap().to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                spec: spec.clone(),
            },
        )
    })
}

pub fn parameters(spec: &Value) -> impl Iterator<Item = &Value> {
    spec["parameters"].as_array().into_iter().flatten()
}

impl Operation {
    /// Whether it is served without a token.
    pub fn public(&self) -> bool {
        self.spec["security"]
            .as_array()
            .is_some_and(|s| s.iter().all(|s| s.as_object().is_some_and(Map::is_empty)))
    }

    fn serves(&self, path: &str) -> bool {
        let (mine, theirs) = (self.path.split('/'), path.split('/'));
        self.path.matches('/').count() == path.matches('/').count()
            && mine.zip(theirs).all(|(m, t)| m == t || (m.starts_with('{') && !t.is_empty()))
    }
}

/// The operation behind a call; what is written out wins.
pub fn operation(method: &str, path: &str) -> Option<&'static Operation> {
    static ALL: LazyLock<Vec<Operation>> = LazyLock::new(|| {
        let mut all: Vec<Operation> = operations().collect();
        all.sort_by_key(|op| op.path.matches('{').count());
        all
    });
    let method = if method == "HEAD" { "GET" } else { method };
    ALL.iter().find(|op| op.method == method && op.serves(path))
}

/// Fails when an answer is not what the document promises.
#[track_caller]
pub fn judge(method: &str, path: &str, status: u16, json: &Value) {
    let Some(op) = operation(method, path) else { return };
    let Some(response) = op.spec["responses"].get(status.to_string()) else {
        panic!("{} answered {status}, which is not documented: {json}", op.id)
    };
    let content = response["content"].as_object().into_iter().flatten();
    for (media_type, content) in content {
        if media_type.ends_with("json")
            && content["schema"].is_object()
            && method != "HEAD"
            && path != "/openapi.json"
        {
            fits(&content["schema"], json, &op.id);
        }
    }
}

/// The part of JSON Schema that our document uses; unknown members are refused as well.
#[track_caller]
fn fits(schema: &Value, value: &Value, place: &str) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        return fits(&DOCUMENT["components"]["schemas"][name], value, place);
    }
    if let Some(list) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let may = list.iter().filter(|s| s["type"] != "null" || value.is_null());
        let may: Vec<_> = may.filter(|s| !value.is_null() || s["type"] == "null").collect();
        // Of several objects the one whose members these are.
        let fitting = may.iter().find(|s| may.len() == 1 || same_members(s, value));
        let one = fitting.unwrap_or_else(|| panic!("{place}: {value} fits none of {schema}"));
        return fits(one, value, place);
    }
    if let Some(kinds) = schema.get("type") {
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(n) if n.is_i64() || n.is_u64() => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        let right = kinds == kind || kinds.as_array().is_some_and(|k| k.iter().any(|k| k == kind));
        assert!(right, "{place}: {value} is no {kinds}");
    }
    if let Some(list) = schema["enum"].as_array() {
        assert!(value.is_null() || list.contains(value), "{place}: {value} is none of {list:?}");
    }
    if let Some(items) = value.as_array() {
        for (n, item) in items.iter().enumerate() {
            fits(&schema["items"], item, &format!("{place}[{n}]"));
        }
    }
    if let (Some(object), true) =
        (value.as_object(), schema["properties"].is_object() || schema["allOf"].is_array())
    {
        let mut properties = Map::new();
        let mut required = Vec::new();
        members(schema, &mut properties, &mut required);
        for name in required {
            assert!(object.contains_key(&name), "{place}: {name} is missing in {value}");
        }
        let is_problem = object.contains_key("request_id") && object.contains_key("code");
        for (name, value) in object {
            match properties.get(name) {
                Some(schema) => fits(schema, value, &format!("{place}.{name}")),
                None => assert!(is_problem, "{place}: {name} is not documented"),
            }
        }
    }
}

fn same_members(schema: &Value, value: &Value) -> bool {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    members(schema, &mut properties, &mut required);
    value.as_object().is_some_and(|object| {
        object.keys().all(|name| properties.contains_key(name))
            && required.iter().all(|name| object.contains_key(name))
    })
}

/// Of the object itself and of what it is put together from.
fn members(schema: &Value, properties: &mut Map<String, Value>, required: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        return members(&DOCUMENT["components"]["schemas"][name], properties, required);
    }
    properties.extend(schema["properties"].as_object().cloned().unwrap_or_default());
    required
        .extend(schema["required"].as_array().into_iter().flatten().map(|r| r.as_str().unwrap().to_owned()));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        members(part, properties, required);
    }
}
