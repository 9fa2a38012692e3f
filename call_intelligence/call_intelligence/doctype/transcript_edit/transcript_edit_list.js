// The list of corrections.

call_intelligence.show_text_as_text("Transcript Edit");
