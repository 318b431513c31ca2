import { addressFault, fileFault, javaFault, zoneFault } from './own-setting-faults.js';
import type { Setting } from './setting.js';

/** What `./rollcall` itself and the engines that it starts take, beside the settings of the services. */
export const ownSettings: readonly Setting[] = [
  {
    name: 'KAFKA_BROKERS',
    description: 'A Kafka of your own, as `host:port`. Left out, `./rollcall up` starts one.',
    fallback: null,
  },
  {
    name: 'MONGODB_URI',
    description: 'A MongoDB of your own, a replica set. Left out, `./rollcall up` starts one.',
    fallback: null,
  },
  {
    name: 'ROLLCALL_CACHE',
    description: 'Folder where downloaded engines are kept.',
    fallback: '~/.cache/rollcall',
  },
  {
    name: 'ROLLCALL_MAVEN_MIRROR',
    description: 'Maven repository from which Kafka is downloaded, instead of the public one.',
    fallback: null,
    fault: addressFault,
  },
  {
    name: 'ROLLCALL_MONGODB_URL',
    description: 'Address of a MongoDB archive to download instead of the usual package.',
    fallback: null,
    fault: addressFault,
  },
  { name: 'JAVA_HOME', description: 'The Java that runs Kafka.', fallback: null, fault: javaFault },
  {
    name: 'HTTP_PROXY',
    description: 'Proxy for addresses that begin with `http:`.',
    fallback: null,
    fault: addressFault,
  },
  {
    name: 'HTTPS_PROXY',
    description: 'Proxy for addresses that begin with `https:`.',
    fallback: null,
    fault: addressFault,
  },
  { name: 'NO_PROXY', description: 'Hosts that are asked without a proxy, with commas between.', fallback: null },
  {
    name: 'NODE_EXTRA_CA_CERTS',
    description: 'File with certificates of further authorities to trust: of a proxy or a mail server, for example.',
    fallback: null,
    fault: fileFault,
  },
  {
    name: 'SSL_CERT_FILE',
    description: 'The same, under the name that other programs know.',
    fallback: null,
    fault: fileFault,
  },
  { name: 'TZ', description: 'Time zone of log lines.', fallback: null, fault: zoneFault },
];

/** Settings of services that `./rollcall up` decides itself: it knows ports, keys and folders. */
export const decidedByUp: ReadonlySet<string> = new Set([
  ...['PORT', 'HOST', 'ROLLCALL_KEYS_DIR', 'ROLLCALL_KEK_FILE', 'ROLLCALL_KEK'],
  ...['ROLLCALL_BOOTSTRAP_API_KEY_HASH', 'ROLLCALL_ENVIRONMENT'],
]);
