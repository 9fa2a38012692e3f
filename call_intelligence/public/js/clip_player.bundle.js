// The lean page of a clip (see clips/page.py): no Desk, no jQuery, no translations but those that come with the page.
import { ClipPage } from "./clip/page";

const setup = JSON.parse(document.getElementById("clip-setup").textContent);
new ClipPage(document.getElementById("clip"), setup).start();
