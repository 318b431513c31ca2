import { bootstrap } from '@rollcall/service';

import { definition } from './app.module.js';

await bootstrap(definition);
