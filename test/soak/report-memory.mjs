// Loaded into a node before the helpdesk: tells the memory of the process when asked, after a collection if wanted.
process.on("message", ({ id, collected }) => {
	if (collected) {
		// The second one frees what the first one's finalizers let go.
		globalThis.gc();
		globalThis.gc();
	}
	const { rss, heapUsed, external } = process.memoryUsage();
	process.send({ id, rss, heapUsed, external });
});
process.channel.unref();
// A node whose soak was killed has nobody who would end it.
process.on("disconnect", () => process.exit());
