import { type CommandDefinition, type CommandEnvelope, commandsTopicOf, type InputOf } from '@rollcall/contracts';
import { type KafkaConnection, readTopic } from '@rollcall/messaging';

/**
 * The inputs of all commands of a definition that were sent, in their order. One that was sent again, because its owner had
 * no result yet, is the same command and counts once.
 */
export async function sentCommands<Command extends CommandDefinition>(
  kafka: KafkaConnection,
  command: Command,
): Promise<InputOf<Command>[]> {
  const messages = await readTopic(kafka, commandsTopicOf(command.owner));
  const envelopes = messages
    .map(({ value }) => JSON.parse(value) as CommandEnvelope)
    .filter(({ type }) => type === command.type);
  return [...new Map(envelopes.map(({ id, input }) => [id, input as InputOf<Command>])).values()];
}
