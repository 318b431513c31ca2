import { Module } from '@nestjs/common';

import { IndexedLists } from './indexed-lists.js';

@Module({ providers: [IndexedLists], exports: [IndexedLists] })
export class ListsModule {}
