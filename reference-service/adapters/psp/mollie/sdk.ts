/**
 * The functions of the official SDK that the adapter uses, in a module of their own: the SDK
 * loads all of its models at once, a third of a second, and only a service that has a Mollie
 * account shall pay for that. Imported by `client.ts` when such an account is configured.
 */
export { ClientCore } from 'mollie-api-typescript/core.js';
export { HTTPClient } from 'mollie-api-typescript/lib/http.js';
export { capturesCreate } from 'mollie-api-typescript/funcs/capturesCreate.js';
export { customersCreate } from 'mollie-api-typescript/funcs/customersCreate.js';
export { paymentsCancel } from 'mollie-api-typescript/funcs/paymentsCancel.js';
export { paymentsCreate } from 'mollie-api-typescript/funcs/paymentsCreate.js';
export { paymentsGet } from 'mollie-api-typescript/funcs/paymentsGet.js';
export { paymentsList } from 'mollie-api-typescript/funcs/paymentsList.js';
export { paymentsReleaseAuthorization } from 'mollie-api-typescript/funcs/paymentsReleaseAuthorization.js';
export { refundsCreate } from 'mollie-api-typescript/funcs/refundsCreate.js';
export { refundsList } from 'mollie-api-typescript/funcs/refundsList.js';
