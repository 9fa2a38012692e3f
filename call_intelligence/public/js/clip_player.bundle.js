// The lean page of a clip (see clips/page.py): no Desk, no jQuery, only the translations included in the page.
import { ClipPage } from "./clip/page";

const setup = JSON.parse(document.getElementById("clip-setup").textContent);
new ClipPage(document.getElementById("clip"), setup).start();
