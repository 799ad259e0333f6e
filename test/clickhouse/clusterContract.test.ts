import { describeStoreOver } from './rig/describeStoreOver.js';

describeStoreOver('a ClickHouse cluster of two shards', 2);
