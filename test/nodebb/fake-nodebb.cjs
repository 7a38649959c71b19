// The functions of NodeBB 4.15 that the example calls, in memory, and a forum around them that a browser can use. Nothing
// of it is NodeBB's code. Tests send it orders (see `orders`) as the parent process.
const { readFileSync } = require("node:fs");
const { setTimeout } = require("node:timers/promises");
const express = require("express");

const { port, settings } = JSON.parse(process.argv[2]);
const url = `http://127.0.0.1:${port}/forum`;
const called = new Set();
const faked = new Set();
const people = new Map();
const confirmedOwners = new Map();
const queue = new Map();
const letters = [];
const sessions = new Map();
let isQueueing = false;
let looksBeforeBan = Number.POSITIVE_INFINITY;
let lastUid = 0;

/** Notes which functions are there and which are called, by their names in NodeBB. */
function watched(place, functions) {
	const entries = Object.entries(functions).map(([name, member]) => {
		const at = `${place}.${name}`;
		if (typeof member !== "function") return [name, watched(at, member)];
		faked.add(at);
		const noting = (...args) => {
			called.add(at);
			return member(...args);
		};
		return [name, noting];
	});
	return Object.fromEntries(entries);
}

const plugin = () => require("nodebb-plugin-x-login");
async function fire(hook, params) {
	const { hooks } = require("nodebb-plugin-x-login/plugin.json");
	const [found] = hooks.filter((each) => each.hook === hook);
	return found === undefined ? params : plugin()[found.method](params);
}

async function createUser(data, given) {
	if (confirmedOwners.has(data.email)) throw new Error("[[error:email-taken]]");
	const taken = () => [...people.values()].some(({ username }) => username === chosen.username);
	const chosen = { username: data.username };
	// A database takes a while, so that other requests run meanwhile.
	await setTimeout(20);
	for (let more = 0; taken(); more += 1) chosen.username = `${data.username} ${more}`;
	const opts = { emailVerification: "send", ...given };
	const { user: stored } = await fire("filter:user.create", { user: chosen, data, opts });
	lastUid += 1;
	people.set(lastUid, { ...stored, uid: lastUid });
	if (data.email && opts.emailVerification === "verify") confirm(lastUid, data.email);
	return lastUid;
}

function confirm(uid, email) {
	Object.assign(people.get(uid), { email, "email:confirmed": 1 });
	confirmedOwners.set(email.toLowerCase(), uid);
}

const user = watched("user", {
	createOrQueue: async ({ ip }, data, opts) => {
		const { length } = data.username;
		if (length < 2 || length > 16) throw new Error("[[error:username-too-short]]");
		if (!isQueueing) return { queued: false, uid: await createUser(data, opts) };
		if (queue.has(data.username)) throw new Error("[[error:username-taken]]");
		const waiting = [...queue.values()].some(({ email }) => email && email === data.email);
		if (waiting || confirmedOwners.has(data.email)) throw new Error("[[error:email-taken]]");
		queue.set(data.username, { ...data, ip, _opts: JSON.stringify(opts) });
		return { queued: true, message: "[[register:registration-added-to-queue]]" };
	},
	getUidByEmail: async (email) => confirmedOwners.get(email.toLowerCase()) ?? null,
	getUidByUsername: async (username) =>
		[...people.values()].find((each) => each.username === username)?.uid ?? null,
	getUserField: async (uid, field) => people.get(Number(uid))?.[field] ?? null,
	getUserFields: async (uid, fields) => {
		const found = people.get(Number(uid)) ?? { uid: 0, username: "[[global:guest]]", email: "" };
		return Object.fromEntries(fields.map((field) => [field, found[field] ?? null]));
	},
	getSettings: async () => ({ userLang: "en-GB" }),
	isPrivileged: async (uid) => people.get(Number(uid))?.isStaff === true,
	auth: {
		revokeAllSessions: async (uid) => {
			for (const session of sessions.values()) if (session.uid === Number(uid)) session.uid = 0;
		},
	},
	bans: {
		isBanned: async (uid) => {
			looksBeforeBan -= 1;
			return looksBeforeBan < 0 || people.get(Number(uid))?.banned === true;
		},
	},
	email: {
		available: async (email) => !confirmedOwners.has(email.toLowerCase()),
		confirmByUid: async (uid) => confirm(Number(uid), people.get(Number(uid)).email),
	},
});
const database = watched("database", {
	getObjectField: async (key, field) => {
		const [, name] = /^registration:queue:name:(.*)$/.exec(key) ?? [];
		const object = name === undefined ? people.get(Number(key.split(":")[1])) : queue.get(name);
		return object?.[field] ?? null;
	},
	deleteObjectField: async (key, field) => void delete people.get(Number(key.split(":")[1]))[field],
});
const emailer = watched("emailer", {
	sendToEmail: async (template, to, language, params) => {
		const name = `nodebb-plugin-x-login/templates/emails/${template}.tpl`;
		const text = readFileSync(require.resolve(name), "utf8").replace("{text}", params.text);
		letters.push({ to, language, subject: params.subject, text });
	},
});
const authentication = watched("controllers/authentication", {
	doLogin: async (req, uid) => {
		sessions.delete(req.sessionID);
		req.openSession({ ...req.session, uid, meta: { datetime: Date.now() } });
	},
});
const helpers = watched("routes/helpers", {
	setupPageRoute: (router, path, controller) =>
		router.get(path, (req, res, next) => controller(req, res).catch(next)),
});
const middleware = watched("middleware", {
	applyBlacklist: (req, _, next) =>
		next(req.ip === "192.0.2.66" ? new Error("blacklisted") : undefined),
	buildHeader: (_, res, next) => {
		res.locals.renderHeaderType = "client";
		next();
	},
});
const config = { title: "Forum", defaultLang: "en-GB" };
Object.assign(config, { minimumUsernameLength: 2, maximumUsernameLength: 16 });
const stored = { url, base_url: new URL(url).origin, relative_path: "/forum", base_dir: __dirname };
const nconf = watched("nconf", {
	get: (name) => (name === "x-login" ? settings : stored[name]),
});
module.exports = { user, database, emailer, authentication, helpers, nconf, meta: { config } };

/** The session, and what passport adds. */
function session(req, res, next) {
	req.openSession = (content) => {
		req.sessionID = crypto.randomUUID();
		req.session = content;
		sessions.set(req.sessionID, content);
		res.cookie("express.sid", req.sessionID, { httpOnly: true, path: "/forum" });
		Object.assign(req, { uid: content.uid ?? 0, loggedIn: content.uid > 0 });
	};
	const [, id] = /(?:^|; )express\.sid=([^;]+)/.exec(req.headers.cookie ?? "") ?? [];
	const found = sessions.get(id);
	if (found === undefined) req.openSession({});
	else
		Object.assign(req, {
			sessionID: id,
			session: found,
			uid: found.uid ?? 0,
			loggedIn: found.uid > 0,
		});
	req.endSession = (done) => {
		sessions.delete(req.sessionID);
		req.openSession({});
		done();
	};
	Object.assign(req, watched("request", { logout: req.endSession }));
	next();
}

/** NodeBB's own `res.render`: the build hook of the page, then its template in the layout. */
function rendering(req, res, next) {
	res.renderPage = async (name, options, done = (_, text) => res.send(text)) => {
		const data = { ...options, template: { name } };
		const { templateData } = await fire(`filter:${name}.build`, { req, res, templateData: data });
		const links = (templateData.authentication ?? []).map(
			(each) => `<a href="/forum${each.url}">${each.labels[name]}</a>`,
		);
		const body = name === "x-login" ? pageOf(templateData.html) : links.join("");
		const header = res.locals.renderHeaderType === "client" ? "<header>Forum</header>" : "";
		done(null, `<!doctype html><title>${templateData.title}</title>${header}${body}`);
	};
	Object.assign(res, watched("response", { render: res.renderPage }));
	next();
}

function pageOf(html) {
	const file = require.resolve("nodebb-plugin-x-login/templates/x-login.tpl");
	const template = readFileSync(file, "utf8");
	const [, filled, empty] =
		/\{\{\{ if html \}\}\}(.*)\{\{\{ else \}\}\}(.*)\{\{\{ end \}\}\}/s.exec(template);
	return html === "" ? empty : filled.replace("{{html}}", () => html);
}

const orders = {
	add: (fields) => {
		lastUid += 1;
		people.set(lastUid, { uid: lastUid, ...fields });
		if (fields.email) confirmedOwners.set(fields.email.toLowerCase(), lastUid);
		return lastUid;
	},
	change: (uid, fields) => void Object.assign(people.get(uid), fields),
	configure: (changes) => void Object.assign(config, changes),
	queueNewUsers: (now) => {
		isQueueing = now;
	},
	approve: async (username) => {
		const { _opts, ...data } = queue.get(username);
		queue.delete(username);
		return createUser(data, JSON.parse(_opts));
	},
	reject: (username) => queue.delete(username),
	banAfterLooks: (count) => {
		looksBeforeBan = count;
	},
	beginToDelete: (uid) => fire("static:user.delete", { uid, userData: people.get(uid) }),
	delete: async (uid) => {
		await orders.beginToDelete(uid);
		confirmedOwners.delete(people.get(uid).email);
		people.delete(uid);
	},
	people: () => [...people.values()],
	queue: () => [...queue.values()],
	letters: () => letters,
	sessions: () => [...sessions.values()],
	functions: () => ({ called: [...called].sort(), faked: [...faked].sort() }),
};

async function start() {
	const app = express();
	const router = express.Router();
	app.use(express.urlencoded({ extended: true }), session, rendering);
	await fire("static:app.load", { app, router, middleware });
	for (const name of ["login", "register"]) {
		router.get(`/${name}`, (_, res) => res.renderPage(name, { title: name }));
	}
	router.get("/logout", async (req, res) => {
		const { uid, sessionID } = req;
		req.endSession(() => undefined);
		await fire("static:user.loggedOut", { req, res, uid, sessionID });
		res.send("logged out");
	});
	// NodeBB's own log-in with a password.
	router.get("/as/:uid", (req, res) => {
		req.openSession({ uid: Number(req.params.uid), meta: { datetime: Number(req.query.at) } });
		res.send(`uid ${req.uid}`);
	});
	router.get("/topic/1", (req, res) => {
		req.session.returnTo = "/topic/1";
		res.send(`uid ${req.uid}`);
	});
	router.get("/", (req, res) => void res.send(`uid ${req.uid}`));
	app.use("/forum", router);
	process.on("message", async ({ id, name, args }) => {
		try {
			process.send({ id, result: await orders[name](...args) });
		} catch (error) {
			process.send({ id, problem: error.stack });
		}
	});
	process.on("disconnect", () => process.exit());
	app.listen(port, "127.0.0.1", () => process.send({ id: 0 }));
}
start().catch((error) => {
	console.error(error);
	process.exit(1);
});
