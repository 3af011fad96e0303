import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import dynalite from "dynalite";
import type { Service, WireRequest, WireResponse } from "./wire.ts";

/**
 * DynamoDB in memory: dynalite, fed its requests within this process, so that it listens nowhere and costs no second
 * connection. Tables are there as soon as they are made, and gone with the answer's last reference.
 */
export function dynamodbService(): Service {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return (request) => inject(server, request);
}

/** The part of a request and a response that dynalite touches. Its own would bring a socket, and throw when that breaks. */
function inject(server: Server, { method, path, headers, body }: WireRequest): Promise<WireResponse> {
  return new Promise((resolve) => {
    const request = Object.assign(new EventEmitter(), { method, url: path, headers });
    const answered: Record<string, string> = {};
    const response = {
      statusCode: 200,
      setHeader: (name: string, value: string | number) => {
        answered[name.toLowerCase()] = String(value);
      },
      end: (text = "") => resolve({ status: response.statusCode, headers: answered, body: text }),
    };
    server.emit("request", request, response);
    request.emit("data", body);
    request.emit("end");
  });
}
