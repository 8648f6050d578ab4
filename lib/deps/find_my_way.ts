/** Routes of requests, the router of Fastify: https://github.com/delvedor/find-my-way (MIT). */
import findMyWay from "npm:find-my-way@9.10.1";

export { findMyWay };
