import express from "express";
import session from "express-session";
import { listen } from "./listen.mjs";
import { linkToX, userAtX } from "./twitter-api-client.mjs";

await listen((url) => {
	const app = express();
	app.use(session({ secret: "bench", resave: false, saveUninitialized: false }));
	app.get("/start", async (request, answer) => {
		const { location, pending } = await linkToX(`${url}/callback`);
		request.session.pending = pending;
		answer.redirect(location);
	});
	app.get("/callback", async (request, answer) => {
		const { oauth_token: token, oauth_verifier: verifier } = request.query;
		const user = await userAtX(request.session.pending, token, verifier);
		if (user === undefined) {
			answer.status(400).end();
			return;
		}
		request.session.regenerate(() => {
			request.session.user = user;
			answer.redirect("/");
		});
	});
	app.get("/session", (request, answer) => {
		answer.json(request.session.user ?? null);
	});
	return app;
});
