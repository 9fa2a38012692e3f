// Loaded before Frappe's own socket.io server, which requests the site by the host name used by the browser.
//
// Browsers resolve everything under .localhost to this machine; the resolvers of many systems do not.
const dns = require("dns");

const lookup = dns.lookup;

dns.lookup = function (name, options, callback) {
	return lookup.call(
		this,
		/(^|\.)localhost$/.test(name) ? "127.0.0.1" : name,
		options,
		callback
	);
};
