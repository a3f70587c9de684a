//! What a cloud may answer.

use tieline_catalog::answer::{Answer, Created, Item, Refusal};
use tieline_catalog::Message;

pub fn created(id: &str) -> Answer {
    Answer::Created(Created {
        id: id.to_string(),
        status: None,
        request_id: None,
        fields: Vec::new(),
    })
}

pub fn item(id: &str) -> Item {
    Item {
        id: id.to_string(),
        status: None,
        fields: Vec::new(),
    }
}

pub fn refusal() -> Refusal {
    let text = Message::new("en", "zh");
    Refusal::without_response(text.clone(), text)
}
