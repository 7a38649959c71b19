import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import { detourFetch } from "./detour.mjs";
import { OAUTH2_KEYS } from "./keys.mjs";
import { listen } from "./listen.mjs";

await detourFetch();

await listen((url) =>
	toNodeHandler(
		betterAuth({
			baseURL: url,
			secret: "a secret of the bench that is long enough",
			database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
			socialProviders: { twitter: OAUTH2_KEYS },
			rateLimit: { enabled: false },
			telemetry: { enabled: false },
			logger: { level: "error" },
		}),
	),
);
