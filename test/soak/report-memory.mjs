// A node loads it before the helpdesk. It reports the memory of the process, after a garbage collection if asked.
process.on("message", ({ id, collected }) => {
	if (collected) {
		// The second collection frees what the finalizers of the first one release.
		globalThis.gc();
		globalThis.gc();
	}
	const { rss, heapUsed, external } = process.memoryUsage();
	process.send({ id, rss, heapUsed, external });
});
process.channel.unref();
// Nobody else ends a node whose soak was killed.
process.on("disconnect", () => process.exit());
