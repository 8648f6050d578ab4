/** The client that the connector is made of, as its own users use it: https://github.com/platformatic/kafka (Apache-2.0). */
export { Consumer, type Message, Producer } from "npm:@platformatic/kafka@2.12.1";
