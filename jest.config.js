/** Jest runs the JavaScript that `npm run compile` leaves in build/, as native modules. */
export default {
  rootDir: 'build/__tests__',
  testMatch: ['**/*.test.js'],
  transform: {},
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/support/quiet.js'],
  testTimeout: 30_000,
  maxWorkers: 2,
}
