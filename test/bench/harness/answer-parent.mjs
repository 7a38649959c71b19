/** Answers the parent process's questions over the channel between them, and ends when the parent ends. */
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
