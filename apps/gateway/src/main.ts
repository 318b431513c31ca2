import { bootstrap } from '@rollcall/service';

import { gateway } from './gateway.js';

await bootstrap(gateway);
