/**
 * Risk: may this payment begin? What must hold for `assess`: it is asked once per deposit or
 * payout before anything is stored or sent, outside of transactions; it moves nothing; its
 * reasons are codes for people and machines, never the thresholds of a rule. An error in it is
 * an error of the request: nothing begins unjudged.
 */
import type { RiskAssessment, RiskFacts, RiskSubject } from '../domain/risk/risk.ts';
import type { RiskRules } from '../domain/policy.ts';

export interface RiskPort {
  /**
   * Null: nobody judges, and nothing is stored.
   * @param facts reads them from the database, when they are wanted
   */
  assess(
    subject: RiskSubject,
    given: { rules: RiskRules | null; facts: () => Promise<RiskFacts> },
  ): Promise<RiskAssessment | null>;
}
