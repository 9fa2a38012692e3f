// Realtime for a bench whose Frappe came without its own socket.io server.
//
//     NODE_PATH=<bench>/apps/frappe/node_modules node realtime.js SITES_FOLDER
//
// Messages published by Frappe on the Redis channel "events" go to rooms of one socket.io namespace per site. Frappe itself is asked
// who may join a room, with the browser's session.
const fs = require("fs");
const path = require("path");
const { Server } = require("socket.io");
const { createClient } = require("@redis/client");

const config = JSON.parse(
	fs.readFileSync(path.join(process.argv[2], "common_site_config.json"), "utf8")
);

async function ask(socket, method, parameters = {}) {
	const query = new URLSearchParams(parameters);
	const url = `http://127.0.0.1:${config.webserver_port}/api/method/frappe.realtime.${method}?${query}`;
	const headers = { cookie: `sid=${socket.data.sid}`, "x-frappe-site-name": socket.data.site };
	try {
		const response = await fetch(url, { headers });
		return response.ok ? await response.json() : null;
	} catch {
		return null;
	}
}

async function admit(socket, next) {
	const { host = "", origin = "", cookie = "" } = socket.request.headers;
	const session = /(?:^|;\s*)sid=([^;]+)/.exec(cookie);
	let from = null;
	try {
		from = new URL(origin).host;
	} catch {
		// no or no valid Origin: not a page of the site
	}
	if (!session || from !== host) return next(new Error("rejected"));
	socket.data.sid = session[1];
	socket.data.site = socket.nsp.name.slice(1);
	const info = await ask(socket, "get_user_info");
	if (!info) return next(new Error("unauthorized"));
	Object.assign(socket.data, info.message);
	next();
}

function serve(socket) {
	const { user, user_type: type } = socket.data;
	socket.join([`user:${user}`, "website"]);
	if (type === "System User") socket.join("all");

	const enter = async (method, parameters, room) => {
		if (await ask(socket, method, parameters)) socket.join(room);
	};
	socket.on("doctype_subscribe", (doctype) =>
		enter("can_subscribe_doctype", { doctype }, `doctype:${doctype}`)
	);
	socket.on("doctype_unsubscribe", (doctype) => socket.leave(`doctype:${doctype}`));
	socket.on("doc_subscribe", (doctype, docname) =>
		enter("can_subscribe_doc", { doctype, docname }, `doc:${doctype}/${docname}`)
	);
	socket.on("doc_unsubscribe", (doctype, docname) => socket.leave(`doc:${doctype}/${docname}`));
	for (const kind of ["task", "progress"]) {
		socket.on(`${kind}_subscribe`, (id) => socket.join(`task_progress:${id}`));
		socket.on(`${kind}_unsubscribe`, (id) => socket.leave(`task_progress:${id}`));
	}
}

async function main() {
	const server = new Server();
	const sites = server.of(/^\/.+$/);
	sites.use(admit);
	sites.on("connection", serve);

	const redis = createClient({ url: config.redis_queue });
	redis.on("error", (error) => console.error("redis:", error.message));
	await redis.connect();
	await redis.subscribe("events", (text) => {
		const { event, message, room, namespace } = JSON.parse(text);
		const site = server.of(`/${namespace}`);
		(room ? site.to(room) : site).emit(event, message);
	});
	server.httpServer = require("http").createServer().listen(config.socketio_port, "127.0.0.1");
	server.attach(server.httpServer);
	console.log(`realtime on ${config.socketio_port}`);
}

main();
