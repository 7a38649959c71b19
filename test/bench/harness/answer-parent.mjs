/** Answers what the parent process asks over the channel between them, and ends with it. */
export function answerParent(answers) {
	process.on("message", async ({ id, question, values }) => {
		try {
			process.send({ id, answer: await answers[question](values) });
		} catch (error) {
			process.send({ id, problem: error.stack });
		}
	});
	process.on("disconnect", () => process.exit());
}
