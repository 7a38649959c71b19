// Log in with X for NodeBB 4: the ports of the contract on NodeBB's own functions, and the routes.
const { createHash, randomInt } = require("node:crypto");
const { readFile } = require("node:fs/promises");
const { promisify } = require("node:util");

const nodebb = (name) => require.main.require(`./src/${name}`);
const [db, emailer, meta, user] = ["database", "emailer", "meta", "user"].map(nodebb);
const nconf = require.main.require("nconf");

// The field of NodeBB's record of a user that says by which key the user was created.
const KEY = "x-login:key";
const REASONS = { "email-taken": "address-taken", "invalid-email": "address-refused" };
// Once NodeBB has started, also the package (host), what this file stores (records), the plugin and its routes.
const at = { turns: new Map(), deleted: new Set() };

const entered = () => nconf.get("x-login") ?? {};
const pathOf = (path) => nconf.get("relative_path") + path;
const pathIn = (text) => (/^\/(?![/\\])[!-[\]-~]*$/.test(text ?? "") ? text : "/");
const digest = (text) => createHash("sha256").update(text).digest("hex");
const brand = () => ({
	...{ privacyPolicyUrl: nconf.get("url"), termsUrl: nconf.get("url"), ...entered().brand },
	...{ id: "nodebb", name: meta.config.title || "NodeBB", locale: meta.config.defaultLang || "en" },
	...{ baseUrl: nconf.get("base_url"), callbackUrl: `${nconf.get("url")}/x-login/callback` },
	...{ startPath: pathOf("/x-login/start"), continuePath: pathOf("/x-login/continue") },
	loginPath: pathOf("/login"),
	registrationOpen: (meta.config.registrationType || "normal") === "normal",
});

const users = {
	async ownerOf(_, email) {
		const wanted = at.host.canonicalEmail(email);
		const uid = wanted && (await user.getUidByEmail(wanted));
		const fields = uid ? await user.getUserFields(uid, ["email", "email:confirmed"]) : {};
		// NodeBB finds addresses by toLowerCase(), which makes a `k` of the Kelvin sign.
		if (!uid || at.host.canonicalEmail(fields.email) !== wanted) return { kind: "nobody" };
		if (await user.isPrivileged(uid)) return { kind: "staff" };
		const confirmed = fields["email:confirmed"] === 1;
		return { kind: "user", id: `${uid}`, confirmed, suspended: await user.bans.isBanned(uid) };
	},

	async find(id) {
		const { uid, username, email } = await user.getUserFields(id, ["uid", "username", "email"]);
		if (!(uid > 0) || at.deleted.has(id) || (await user.isPrivileged(uid))) return undefined;
		const password = await db.getObjectField(`user:${uid}`, "password");
		const status = (await user.bans.isBanned(uid)) ? "suspended" : "active";
		const { userLang: locale } = await user.getSettings(uid);
		const named = { id, brandId: brand().id, name: username, email: email || null, locale, status };
		// NodeBB does not count the ends of sessions. They end with each new password, and bans are in the status.
		return { ...named, hasOtherWayIn: Boolean(password), accessEpoch: digest(`${password}`) };
	},

	// Calls with the same key wait for each other.
	create(key, person) {
		const hash = digest(key);
		const turn = Promise.allSettled([at.turns.get(hash)]).then(() => createOnce(hash, person));
		at.turns.set(hash, turn);
		return turn.finally(() => at.turns.get(hash) === turn && at.turns.delete(hash));
	},

	async confirm(id) {
		const { "email:confirmed": confirmed } = await user.getUserFields(id, ["email:confirmed"]);
		if (confirmed === 1) return;
		await db.deleteObjectField(`user:${id}`, "password");
		await user.auth.revokeAllSessions(id);
		await user.email.confirmByUid(id);
	},
};

async function createOnce(hash, { name, suggestedName = name, email, emailProof, clientAddress }) {
	const known = await creationOf(hash);
	if (known) return known;
	if (!brand().registrationOpen) return { kind: "refused", reason: "registration-closed" };
	const emailVerification = emailProof === "code" ? "verify" : "send";
	const { minimumUsernameLength: least, maximumUsernameLength: most } = meta.config;
	const wanted = (suggestedName.replace(/\W/g, "") || "user").slice(0, most).padEnd(least, "0");
	const others = Array.from("12345", () => wanted.slice(0, most - 4) + randomInt(1000, 10_000));
	for (const username of [wanted, ...others]) {
		await remember(hash, { username });
		const person = email === null ? { username } : { username, email };
		try {
			await user.createOrQueue({ ip: clientAddress }, person, { emailVerification, [KEY]: hash });
			return (await creationOf(hash)) ?? { kind: "refused" };
		} catch (error) {
			const [, problem] = /^\[\[error:([a-z-]+)/.exec(error.message) ?? [];
			if (problem === undefined) throw error;
			// NodeBB says so of addresses in its queue as well, which no user has.
			const isFree = problem === "email-taken" && (await user.email.available(email));
			if (isFree) return { kind: "pending" };
			const reason = REASONS[problem];
			if (problem !== "username-taken") return { kind: "refused", ...(reason && { reason }) };
		}
	}
	return { kind: "refused" };
}

/** What an earlier call with a key has come to. Only a user, or an entry of the queue, that has the key is theirs. */
async function creationOf(hash) {
	const { uid, username } = (await at.records.get(["created", hash]))?.value ?? {};
	const id = uid ?? (await user.getUidByUsername(username));
	if (id && (await user.getUserField(id, KEY)) === hash) {
		await remember(hash, { uid: id, username });
		const found = await users.find(`${id}`);
		return found ? { kind: "created", user: found } : { kind: "refused" };
	}
	const options = await db.getObjectField(`registration:queue:name:${username}`, "_opts");
	return JSON.parse(options ?? "{}")[KEY] === hash ? { kind: "pending" } : undefined;
}

async function remember(hash, value) {
	const expiry = value.uid ? {} : { expiresAt: Date.now() + 90 * 86_400_000 };
	await at.records.commit({ sets: [{ key: ["created", hash], value, ...expiry }] });
}

exports.load = async ({ router, middleware: { applyBlacklist, buildHeader } }) => {
	at.host = await import("x-login/host");
	const { loadPlugin, namespaced, settingsFrom, SqliteStorage, systemClock, ...host } = at.host;
	const zip = await readFile(require.resolve("x-login/plugin.zip"));
	const { manifest, settingsSchema, createPlugin } = await loadPlugin(zip);
	const storage = new SqliteStorage(`${nconf.get("base_dir")}/x-login.sqlite`, systemClock);
	at.records = namespaced(storage, ["nodebb"]);
	const read = () => ({ enabled: true, values: entered(), secrets: entered() });
	const find = async (id) => [brand()].find((each) => each.id === id);
	const brands = { find, list: async () => [brand()] };
	const send = ({ to, ...letter }) => emailer.sendToEmail("x-login", to, brand().locale, letter);
	const emit = ({ subject, userId, ...event }) => console.log(JSON.stringify(event));
	at.plugin = createPlugin({
		...{ contract: "1.1.0", brands, users, ...settingsFrom(settingsSchema, read) },
		...{ mail: { send }, events: { emit }, clock: systemClock, random: host.cryptoRandom },
		...{ storage: namespaced(storage, ["plugin", manifest.id]) },
		http: new host.UndiciHttp(entered().origins),
	});
	await at.plugin.onActivate?.();
	at.routes = host.toNodeHandler({
		...{ plugins: [{ manifest, plugin: at.plugin, brands }], users },
		currentUser: ({ req }) =>
			req.uid > 0 ? { id: `${req.uid}`, provenAt: req.session.meta?.datetime ?? 0 } : undefined,
		openSession: ({ req }, { id }) => nodebb("controllers/authentication").doLogin(req, Number(id)),
		closeSession: ({ req }) => promisify(req.logout).call(req),
		showPage: ({ res }, page) => promisify(res.render).call(res, "x-login", page),
		clientAddress: ({ req }) => req.ip,
		locale: ({ req }) => req.acceptsLanguages("en", "de") || undefined,
		logInPath: (_, path) => `${pathOf("/x-login/log-in")}?returnTo=${encodeURIComponent(path)}`,
	});
	router.all("/x-login/:step", applyBlacklist, buildHeader, (req, res, next) => {
		// NodeBB has read the body.
		if (req.method === "POST") req.body = new URLSearchParams(req.body).toString();
		at.routes(req, res, next).catch(next);
	});
	// A page between NodeBB's log-in page, which has links, and the start, which takes a POST.
	nodebb("routes/helpers").setupPageRoute(router, "/x-login", async (req, res) => {
		const [page, path] = req.uid > 0 ? ["account", "/x-login"] : ["login", req.session.returnTo];
		const buttons = await at.routes.buttons(req, res, { page, returnPath: pathOf(pathIn(path)) });
		res.render("x-login", { title: "X", html: buttons.map(({ html }) => html).join("") });
	});
	router.get("/x-login/log-in", (req, res) => {
		// NodeBB puts its relative path before it.
		req.session.returnTo = pathIn(req.query.returnTo?.slice(nconf.get("relative_path").length));
		if (req.uid > 0) req.session.forceLogin = 1;
		res.redirect(pathOf("/login"));
	});
};

exports.addLink = async (build) => {
	const { authentication: others = [] } = build.templateData;
	const labels = { login: "Log in with X", register: "Sign up with X" };
	const icons = { normal: "fa-brands fa-x-twitter" };
	const link = { name: "x-login", url: "/x-login", icons, labels };
	Object.assign(build.templateData, { authentication: [...others, link], alternate_logins: true });
	return build;
};

/** NodeBB has chosen a free user name, and stores the user next: at once, or when somebody has approved them. */
exports.noteCreation = async (creation) => {
	const hash = creation.opts?.[KEY];
	if (hash === undefined) return creation;
	await remember(hash, { username: creation.user.username });
	return { ...creation, user: { ...creation.user, [KEY]: hash } };
};

/** NodeBB deletes its record of the user after this. */
exports.forgetUser = async ({ uid }) => {
	at.deleted.add(`${uid}`);
	const hash = await user.getUserField(uid, KEY);
	if (hash) await at.records.commit({ deletes: [["created", hash]] });
	await at.plugin.onUserDeleted?.(`${uid}`);
};

exports.forgetCookies = async ({ req, res }) => at.routes.forgetCookies(req, res);
