/**
 * The controls of the emulated language models over fetch.
 */

import { request } from "../../api.js";

/**
 * @typedef {{number: number, provider: string, call: "completion" | "tokenize", at: number,
 *   model: string | null, messages: {role: "system" | "user" | "assistant", text: string}[],
 *   status: number | null, input_tokens: number, output_tokens: number,
 *   outcome: "running" | "finished" | "refused" | "broken" | "client_gone"}} ModelRequest
 * `at` is in Unix seconds.
 *
 * @typedef {{first_seconds: number, token_seconds: number, frame_tokens: number}} Pace
 *
 * @typedef {{kind: "gauge_429" | "hourly_429" | "400" | "401" | "403" | "404" | "500" | "503"
 *   | "504" | "not_json" | "stall_before" | "stall_inside" | "cut_before" | "cut_inside"
 *   | "error_inside" | "content_filter" | "slow" | "torn" | "glued" | "data_prefix"
 *   | "no_usage" | "no_final",
 *   times: number, contains?: string | null, seconds?: number}} ModelFault
 */

/**
 * @param {number} cut Characters that are wanted of each text.
 * @returns {Promise<ModelRequest[]>}
 */
export const requests = async (cut) => (await request("GET", `/llm/requests?cut=${cut}`)).requests;

/** @returns {Promise<ModelFault[]>} */
export const faults = async () => (await request("GET", "/llm/faults")).faults;

/** @param {ModelFault} fault */
export const addFault = (fault) => request("POST", "/llm/faults", fault);

export const clearFaults = () => request("DELETE", "/llm/faults");

/** @returns {Promise<Pace>} */
export const pace = () => request("GET", "/llm/pace");

/** @param {Pace} pace */
export const setPace = (pace) => request("POST", "/llm/pace", pace);
