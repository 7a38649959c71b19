// Runs in a worker thread, as plain JavaScript because Node 20 loads no TypeScript there. `scryptSync` computes in this
// thread; `scrypt` would use libuv's pool, which all threads of a process share with name look-ups and files.
import { scryptSync } from "node:crypto";
import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ password, salt, bytes, options }) => {
	try {
		const key = scryptSync(password, Buffer.from(salt, "base64url"), bytes, options);
		parentPort.postMessage({ key: key.toString("base64url") });
	} catch (error) {
		parentPort.postMessage({ error });
	}
});
