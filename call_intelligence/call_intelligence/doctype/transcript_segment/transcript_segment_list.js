// The list of utterances.

call_intelligence.show_text_as_text("Transcript Segment");
