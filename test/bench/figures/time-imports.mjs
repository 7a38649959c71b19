// Times one import, or the activation of the artifact, in its own process.
import { pathToFileURL } from "node:url";

const PEERS = {
	"passport-twitter": ["passport-twitter", "passport", "express", "express-session"],
	grant: ["grant"],
	"twitter-api-v2": ["twitter-api-v2"],
	"better-auth": ["better-auth", "better-auth/adapters/memory", "better-auth/node"],
	"auth-core": ["@auth/core", "@auth/core/providers/twitter"],
};

const [name, bundle, locales] = process.argv.slice(2);

async function timed(work) {
	const began = performance.now();
	await work();
	return performance.now() - began;
}

async function importAll() {
	for (const module of PEERS[name]) {
		await import(module);
	}
}

async function artifact() {
	let module;
	const importMs = await timed(async () => {
		module = await import(pathToFileURL(bundle).href);
	});
	// Comes after the import, because it loads modules of Node that the bundle needs as well.
	const { portsInMemory } = await import("../servers/ports-in-memory.mjs");
	const ports = portsInMemory("http://127.0.0.1:1");
	const texts = new Map(Object.entries(JSON.parse(locales)));
	const activateMs = await timed(() => module.createPlugin(ports, texts).onActivate());
	return { importMs, activateMs };
}

console.log(
	JSON.stringify(
		name === "x-login" ? await artifact() : { importMs: await timed(importAll), activateMs: 0 },
	),
);
