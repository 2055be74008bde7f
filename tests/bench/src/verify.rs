//! Whether the answers that are about to be measured are the real thing: wrong answers are fast.

use serde_json::Value;

fn read(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

pub fn verify(list: &str, show: &str) {
    let (list, show) = (read(list), read(show));
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 20, "a page of twenty");
    assert!(list["next_cursor"].is_string(), "and more behind it");
    for item in items {
        assert!(item["title"].as_str().unwrap().contains('#'), "an opened title: {item}");
        assert!(item["reporter"]["display_name"].as_str().unwrap().chars().count() >= 3, "one's own name is whole: {item}");
    }
    let ids: Vec<&str> = items.iter().map(|i| i["id"].as_str().unwrap()).collect();
    assert!(ids.windows(2).all(|w| w[0] > w[1]), "newest first");
    let messages = show["messages"]["items"].as_array().unwrap();
    assert_eq!(messages.len(), 20, "twenty messages");
    assert!(messages.iter().filter(|m| m["body"].as_str().unwrap().starts_with("回复")).count() >= 19, "opened bodies");
    assert!(show["clocks"].as_array().unwrap().len() >= 2, "derived clocks");
    println!("answers: a list of {} bytes, a ticket of {} bytes", list.to_string().len(), show.to_string().len());
}
