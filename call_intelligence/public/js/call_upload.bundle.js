// Loaded when somebody wants to upload: see desk/upload_button.js for the door.
import { UploadDialog } from "./upload/dialog";

frappe.provide("call_intelligence");

call_intelligence.open_upload_dialog = (options) => new UploadDialog(options).show();
