import { bootstrap } from '@rollcall/service';

import { AppModule } from './app.module.js';
import { readConfig } from './config.js';

await bootstrap({ service: 'mapping', module: AppModule, config: readConfig });
