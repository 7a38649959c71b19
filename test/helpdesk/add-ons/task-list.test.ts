import { expect, test } from "vitest";
import { once, taskListKind } from "../../../src/helpdesk/add-ons/jobs/task-list.ts";

test("a task of another version fails the job with a message that names it", async () => {
	const kind = taskListKind<null>({
		type: "list",
		params: { name: "nothing", read: () => null },
		exclusive: () => undefined,
		words: () => ({ title: "List", unit: "steps" }),
		tasks: () => [once("known", async () => {})],
		total: async () => null,
	});
	const position = { task: "later", from: null, done: 0 };

	await expect(
		kind.step({ jobId: "1", params: null, result: null, position }),
	).rejects.toMatchObject({
		said: { key: "add-on-job.unknown-task", values: { task: "later" } },
	});
});
