// The desk's pages and the plugin's routes.
import { randomUUID } from "node:crypto";
import express from "express";
import { toNodeHandler } from "x-login/host";

const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
const pathIn = (text) => (/^\/(?![/\\])[!-[\]-~]*$/.test(text ?? "") ? text : "/account");

export function routesOf({ people, clock, plugins, log }) {
	const sessions = new Map();
	const idOf = (req) => /(?:^|; )desk=([^;]+)/.exec(req.headers.cookie ?? "")?.[1];
	const close = ({ req, res }) => {
		sessions.delete(idOf(req));
		res.clearCookie("desk");
	};
	const open = async (at, { id, accessEpoch }) => {
		close(at);
		const session = randomUUID();
		sessions.set(session, { id, accessEpoch, provenAt: clock.now() });
		at.res.cookie("desk", session, { httpOnly: true, sameSite: "lax" });
	};
	const currentUser = async ({ req }) => {
		const { id, accessEpoch, provenAt } = sessions.get(idOf(req)) ?? {};
		const user = id === undefined ? undefined : await people.find(id);
		return user?.accessEpoch === accessEpoch ? user && { id, provenAt } : undefined;
	};
	const layout = (title, html) =>
		`<!doctype html><html lang="en"><title>${escaped(title)}</title>${html}</html>`;

	const xLogin = toNodeHandler({
		plugins,
		users: people,
		currentUser,
		openSession: open,
		closeSession: async (at) => close(at),
		showPage: (_, { title, html }) => layout(title, html),
		clientAddress: ({ req }) => req.socket.remoteAddress,
		locale: ({ req }) => req.acceptsLanguages("en", "de") || undefined,
		report: (error) => log(String(error)),
	});
	const app = express().use((_, res, next) => {
		const leads = `form-action 'self' ${xLogin.formTargets().join(" ")}`;
		res.set("content-security-policy", `default-src 'none'; ${leads}`);
		next();
	});
	app.use(xLogin);
	for (const page of ["login", "register", "account"]) {
		app.get(`/${page}`, async (req, res) => {
			const returnPath = pathIn(req.query.returnTo);
			const buttons = await xLogin.buttons(req, res, { page, returnPath });
			const form = `<form method="post" action="/login?returnTo=${escaped(encodeURIComponent(returnPath))}"><input name="email"><input name="password" type="password"><button>Log in</button></form>`;
			res.send(layout(page, form + buttons.map(({ html }) => html).join("")));
		});
	}
	app.post("/login", express.urlencoded(), async (req, res) => {
		const user = people.withPassword(req.body.email, req.body.password);
		const isForeign = req.get("sec-fetch-site") === "cross-site";
		if (isForeign || user?.status !== "active")
			return res.status(403).send(layout("Wrong", "Try again."));
		await open({ req, res }, user);
		res.redirect(303, pathIn(req.query.returnTo));
	});
	return app;
}
