import { Type } from 'typebox';

export const ForgottenWorkflow = Type.Object(
  {
    key: Type.String({ description: 'The key of the workflow that is gone.' }),
    spans: Type.Integer({ description: 'Spans that were deleted.' }),
    records: Type.Integer({ description: 'Event records and CloudEvents that were deleted.' }),
    logs: Type.Integer({ description: 'Log records that were deleted.' }),
    shared: Type.Integer({
      description: 'Spans that stay, for other workflows share them, without what they said of this one.',
    }),
  },
  { title: 'ForgottenWorkflow' },
);
export type ForgottenWorkflow = Type.Static<typeof ForgottenWorkflow>;

export const ReindexStep = Type.Object(
  {
    reindexed: Type.Integer({ description: 'Rows whose keys were made anew by this call.' }),
    left: Type.Integer({ description: 'Rows with older keys that are left.' }),
  },
  { title: 'ReindexStep' },
);
export type ReindexStep = Type.Static<typeof ReindexStep>;
