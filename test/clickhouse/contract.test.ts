import { describeStoreOver } from './rig/describeStoreOver.js';

describeStoreOver('a ClickHouse server', 1);
