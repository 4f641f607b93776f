// Makes the calls that standard input lists with the AWS SDK for JavaScript, and prints their outcomes.

import * as gateways from "@aws-sdk/client-storage-gateway";
import * as sts from "@aws-sdk/client-sts";

const revive = (_, value) => (value?.$date === undefined ? value : new Date(value.$date));
const plan = JSON.parse(await text(process.stdin), revive);
const settings = (url, credentials) => ({ region: plan.region, endpoint: url, credentials, maxAttempts: 1 });
const clients = {
  gateways: new gateways.StorageGatewayClient(settings(plan.gateways, plan.credentials)),
  sts: new sts.STSClient(settings(plan.sts, plan.credentials)),
};
const modules = { gateways, sts };

const outcomes = [];
for (const call of plan.calls) {
  if (call.order) {
    await fetch(`${plan[call.service]}/__gatewright/fail`, { method: "POST", body: JSON.stringify(call.order) });
  }
  outcomes.push(await outcome(clients[call.service], modules[call.service], call));
}
console.log(JSON.stringify({ outcomes, role: await role() }));

async function outcome(client, module, { operation, input }) {
  const Command = module[`${operation}Command`];
  if (Command === undefined) return { missing: operation };
  try {
    const { $metadata, ...output } = await client.send(new Command(input));
    return { members: Object.keys(output).filter((name) => output[name] !== undefined), status: $metadata.httpStatusCode };
  } catch (error) {
    const { name, message } = error;
    return { name, message, code: error.error?.errorCode, status: error.$metadata?.httpStatusCode };
  }
}

// Assumes the role and uses it at both services.
async function role() {
  const { Credentials: given } = await clients.sts.send(new sts.AssumeRoleCommand(plan.role));
  const credentials = {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
  const caller = new sts.STSClient(settings(plan.sts, credentials));
  const user = new gateways.StorageGatewayClient(settings(plan.gateways, credentials));
  const { Arn } = await caller.send(new sts.GetCallerIdentityCommand({}));
  const { Gateways } = await user.send(new gateways.ListGatewaysCommand({}));
  return { arn: Arn, gateways: Gateways.length, seconds: (given.Expiration - Date.now()) / 1000 };
}

async function text(stream) {
  let all = "";
  for await (const chunk of stream.setEncoding("utf8")) all += chunk;
  return all;
}
