import { describeJobKills } from "../../kit/nodes/kill-jobs.ts";

describeJobKills("Redis");
