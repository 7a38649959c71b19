import express from "express";
import session from "express-session";
import grant from "grant";
import { grantConfig } from "./grant-config.mjs";
import { listen } from "./listen.mjs";

await listen((url) => {
	const app = express();
	app.use(session({ secret: "bench", resave: false, saveUninitialized: false }));
	app.use(grant.express(grantConfig(url)));
	app.get("/session", (request, answer) => {
		answer.json(request.session.grant?.response?.profile?.screen_name ?? null);
	});
	return app;
});
