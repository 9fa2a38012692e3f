// The list of recordings.

call_intelligence.show_text_as_text("Call Recording");
