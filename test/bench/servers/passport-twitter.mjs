import express from "express";
import session from "express-session";
import passport from "passport";
import { Strategy } from "passport-twitter";
import { KEYS } from "./keys.mjs";
import { listen, X_URL } from "./listen.mjs";

const users = new Map();

passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, users.get(id) ?? false));

await listen((url) => {
	passport.use(
		new Strategy(
			{
				consumerKey: KEYS.apiKey,
				consumerSecret: KEYS.apiKeySecret,
				callbackURL: `${url}/callback`,
				requestTokenURL: `${X_URL}/oauth/request_token`,
				accessTokenURL: `${X_URL}/oauth/access_token`,
				userAuthorizationURL: `${X_URL}/oauth/authenticate`,
				userProfileURL: `${X_URL}/1.1/account/verify_credentials.json`,
				includeEmail: true,
			},
			(_token, _tokenSecret, { id, username, emails }, done) => {
				const user = { id, username, email: emails?.[0]?.value };
				users.set(id, user);
				done(null, user);
			},
		),
	);
	const app = express();
	app.use(session({ secret: "bench", resave: false, saveUninitialized: false }));
	app.use(passport.initialize());
	app.use(passport.session());
	app.get("/start", passport.authenticate("twitter"));
	app.get(
		"/callback",
		passport.authenticate("twitter", { failureRedirect: "/login" }),
		(_, answer) => answer.redirect("/"),
	);
	app.get("/session", (request, answer) => {
		answer.json(request.user ?? null);
	});
	return app;
});
