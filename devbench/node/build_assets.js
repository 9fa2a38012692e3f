// Builds the bundles of a bench whose Frappe came without its own esbuild/ folder.
//
//     NODE_PATH=<bench>/apps/frappe/node_modules node build_assets.js BENCH APP[,APP...]
//
// Every <app>/public/**/*.bundle.{js,ts,css,scss} becomes a minified, hashed file in sites/assets/<app>/dist/, recorded in
// sites/assets/assets.json (and assets-rtl.json), where Frappe looks them up. As with Frappe's own build, an imported html file
// becomes a client-side template, and styles of Vue components are included in their script.
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const autoprefixer = require("autoprefixer");
const esbuild = require("esbuild");
const glob = require("fast-glob");
const postcss = require("postcss");
const rtlcss = require("rtlcss");
const sass = require("sass");
const vue = require("esbuild-plugin-vue3");

const bench = path.resolve(process.argv[2]);
const wanted = process.argv[3].split(",");
const sites = path.join(bench, "sites");
const assets = path.join(sites, "assets");
const installed = fs
	.readFileSync(path.join(sites, "apps.txt"), "utf8")
	.split("\n")
	.filter(Boolean);

const folder = (app) => path.join(bench, "apps", app);
const publicFolder = (app) => path.join(folder(app), app, "public");

// Search path of bare imports: an app's own libraries, Frappe's, and the apps themselves ("frappe/public/...").
const lookup = installed
	.flatMap((app) => [path.join(folder(app), "node_modules"), folder(app)])
	.filter((place) => fs.existsSync(place));

// Frappe uses its own fork of a date picker, with seconds, which no registry has. The public one leaves "ss" in the
// text, parses it without seconds, and so makes every form with a time look unsaved. It also lacks the slider for seconds, which
// Frappe hides where the time format has none.
const datePicker = {
	name: "date-picker-with-seconds",
	setup(build) {
		build.onLoad(
			{ filter: /air-datepicker\/dist\/js\/datepicker\.min\.js$/ },
			async (file) => {
				const source = await fs.promises.readFile(
					file.path.replace(".min.js", ".js"),
					"utf8"
				);
				const end = /return result;(?=\s*\},\s*_replacer:)/;
				if (!end.test(source)) return null;
				const seconds =
					"result = replacer(result, boundary('ss'), leadingZero(date.getSeconds()));";
				const slider = `this.$minutes = $('[name="minutes"]', this.$timepicker);`;
				return {
					loader: "js",
					contents: source
						.replace(end, `${seconds} return result;`)
						.replace(
							slider,
							() => `${slider} this.$seconds = this.$secondsText = $();`
						),
				};
			}
		);
	},
};

const templates = {
	name: "client-side-templates",
	setup(build) {
		build.onLoad({ filter: /\.html$/ }, async (file) => {
			const name = path.basename(file.path).split(".")[0];
			const html = (await fs.promises.readFile(file.path, "utf8")).replace(
				/[`\\]|\$\{/g,
				"\\$&"
			);
			return {
				loader: "js",
				contents: `frappe.templates[${JSON.stringify(name)}] = \`${html}\`;`,
			};
		});
	},
};

function find(name) {
	for (const place of lookup)
		for (const candidate of [name, `${name}.css`, `${name}.scss`]) {
			const file = path.join(place, candidate);
			if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
		}
}

// "~bootstrap/scss/mixins": the package is resolved here, the partial's name by sass
const packages = {
	findFileUrl(url) {
		if (!url.startsWith("~")) return null;
		const name = url.slice(1).replace(/\.css$/, "");
		const place = lookup.find((p) => fs.existsSync(path.join(p, name.split("/")[0])));
		return place ? new URL(name, pathToFileURL(place + "/")) : null;
	},
};

const styles = (rightToLeft) => ({
	name: "styles",
	setup(build) {
		build.onResolve({ filter: /^\/assets\// }, (file) => ({
			path: file.path,
			external: true,
		}));
		build.onResolve({ filter: /^~/ }, (file) => ({ path: find(file.path.slice(1)) }));
		build.onLoad({ filter: /\.(css|scss|sass)$/ }, async (file) => {
			const text = file.path.endsWith(".css")
				? await fs.promises.readFile(file.path, "utf8")
				: sass.compile(file.path, {
						loadPaths: lookup,
						quietDeps: true,
						logger: sass.Logger.silent,
						importers: [packages],
				  }).css;
			const plugins = rightToLeft ? [rtlcss, autoprefixer] : [autoprefixer];
			const { css } = await postcss(plugins).process(text, { from: file.path, map: false });
			return { contents: css, loader: "css", resolveDir: path.dirname(file.path) };
		});
	},
});

// sites/assets/<app>: links to the app's public files, with a dist/ folder only for this bench
function linkPublicFiles(app) {
	const place = path.join(assets, app);
	if (fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) fs.unlinkSync(place);
	fs.mkdirSync(path.join(place, "dist"), { recursive: true });
	for (const name of fs.readdirSync(place)) {
		const entry = path.join(place, name);
		if (fs.lstatSync(entry).isSymbolicLink()) fs.unlinkSync(entry);
	}
	const source = publicFolder(app);
	if (fs.existsSync(source))
		for (const name of fs.readdirSync(source).filter((n) => n !== "dist"))
			fs.symlinkSync(path.join(source, name), path.join(place, name));
	const libraries = path.join(folder(app), "node_modules");
	if (fs.existsSync(libraries)) fs.symlinkSync(libraries, path.join(place, "node_modules"));
}

async function build(entries, kind, plugins) {
	if (!entries.length) return {};
	const entryPoints = {};
	for (const [app, file] of entries)
		entryPoints[path.join(app, "dist", kind, path.basename(file, path.extname(file)))] = file;
	const result = await esbuild.build({
		entryPoints,
		entryNames: "[dir]/[name].[hash]",
		outdir: assets,
		absWorkingDir: sites,
		bundle: true,
		minify: true,
		sourcemap: "linked",
		metafile: true,
		write: false,
		target: ["es2017"],
		nodePaths: lookup,
		plugins,
		logLevel: "error",
		define: {
			"process.env.NODE_ENV": '"production"',
			__VUE_OPTIONS_API__: "true",
			__VUE_PROD_DEVTOOLS__: "false",
		},
	});
	const files = Object.fromEntries(
		result.outputFiles.map((f) => [path.relative(sites, f.path), f])
	);
	const record = {};
	for (const [output, about] of Object.entries(result.metafile.outputs)) {
		if (!about.entryPoint) continue;
		let text = files[output].text;
		const bundle = path.basename(output).split(".bundle.")[0];
		if (kind === "js") {
			const css = Object.keys(files).find(
				(name) =>
					name.endsWith(".css") &&
					path.dirname(name) === path.dirname(output) &&
					path.basename(name).startsWith(`${bundle}.bundle.`)
			);
			// On the script's first line, so that the lines of its source map stay right.
			if (css) text = `frappe.dom.set_style(${JSON.stringify(files[css].text)});${text}`;
		}
		const place = path.join(sites, path.dirname(output));
		fs.mkdirSync(place, { recursive: true });
		const kept = ["", ".map", ".parts.json"].map((end) => path.basename(output) + end);
		for (const old of fs.readdirSync(place))
			if (old.startsWith(`${bundle}.bundle.`) && !kept.includes(old))
				fs.unlinkSync(path.join(place, old));
		fs.writeFileSync(path.join(sites, output), text);
		if (files[`${output}.map`])
			fs.writeFileSync(path.join(sites, `${output}.map`), files[`${output}.map`].contents);
		// the bytes of each source file in the bundle
		const parts = Object.entries(about.inputs).map(([name, part]) => [
			name,
			part.bytesInOutput,
		]);
		fs.writeFileSync(
			path.join(sites, `${output}.parts.json`),
			JSON.stringify(Object.fromEntries(parts))
		);
		const name = path
			.basename(about.entryPoint)
			.replace(/\.(scss|sass)$/, ".css")
			.replace(/\.ts$/, ".js");
		record[(kind === "css-rtl" ? "rtl_" : "") + name] = `/${output}`;
	}
	return record;
}

// Replaces the entries of the given apps, and keeps those of other runs.
function save(name, added) {
	const file = path.join(assets, name);
	let known = {};
	if (fs.existsSync(file)) known = JSON.parse(fs.readFileSync(file, "utf8"));
	for (const [bundle, place] of Object.entries(known))
		if (wanted.includes(place.split("/")[2])) delete known[bundle];
	fs.writeFileSync(`${file}.new`, JSON.stringify({ ...known, ...added }, null, "\t"));
	fs.renameSync(`${file}.new`, file);
}

async function main() {
	const scripts = [];
	const sheets = [];
	for (const app of wanted) {
		linkPublicFiles(app);
		if (!fs.existsSync(publicFolder(app))) continue;
		const found = await glob("**/*.bundle.{js,ts,jsx,css,scss,sass}", {
			cwd: publicFolder(app),
			absolute: true,
			ignore: ["**/node_modules/**", "dist/**"],
		});
		for (const file of found.sort())
			(/\.(js|ts|jsx)$/.test(file) ? scripts : sheets).push([app, file]);
	}
	const js = await build(scripts, "js", [templates, datePicker, vue(), styles(false)]);
	const css = await build(sheets, "css", [styles(false)]);
	const rtl = await build(sheets, "css-rtl", [styles(true)]);
	save("assets.json", { ...js, ...css });
	save("assets-rtl.json", rtl);
	console.log(`${Object.keys(js).length} scripts, ${Object.keys(css).length} style sheets`);
}

main().catch((error) => {
	console.error(error.message || error);
	process.exit(1);
});
